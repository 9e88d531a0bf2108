/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-join.h"

G_BEGIN_DECLS

/**
 * AlcoveLaunch:
 * @join: what to join; its %NULL fields were not given
 * @given: where the room is was given at all
 * @kiosk: show the wall
 * @video: (nullable): overrides the camera
 * @audio: (nullable): overrides the microphone
 * @playout: (nullable): `auto` or `none`
 * @size: (nullable): overrides the picture size, such as `640x360`
 * @fps: overrides the frame rate unless 0
 * @stun: (nullable): overrides the STUN server
 * @turn: (nullable): overrides the TURN server
 * @accept_certificates: (nullable): fingerprints accepted for this run
 *
 * What the command line says.
 */
typedef struct {
  AlcoveJoin *join;
  gboolean given;
  gboolean kiosk;
  char *video;
  char *audio;
  char *playout;
  char *size;
  int fps;
  char *stun;
  char *turn;
  GStrv accept_certificates;
} AlcoveLaunch;

const GOptionEntry *alcove_launch_get_entries (void);
AlcoveLaunch       *alcove_launch_new         (GVariantDict *options,
                                               GError      **error);
gboolean            alcove_launch_parse_size  (const char   *text,
                                               int          *width,
                                               int          *height);
void                alcove_launch_free        (AlcoveLaunch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveLaunch, alcove_launch_free)

G_END_DECLS
