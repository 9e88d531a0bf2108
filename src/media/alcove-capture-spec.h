/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  ALCOVE_CAPTURE_NONE,
  ALCOVE_CAPTURE_TEST,
  ALCOVE_CAPTURE_DEVICE,
  ALCOVE_CAPTURE_FILE,
  ALCOVE_CAPTURE_SCREEN, /* comes from the portal alone, never from a text */
} AlcoveCaptureKind;

/**
 * AlcoveCaptureSpec:
 * @video: whether it is a picture, else sound
 * @kind: where it comes from
 * @number: of the test picture, or the pitch of the test tone in hertz; -1 if not given
 * @text: (nullable): a file's path, or a device's id
 * @clock: whether the time is drawn into the pictures of a file
 *
 * `--video` and `--audio`, taken apart.
 */
typedef struct {
  gboolean video;
  AlcoveCaptureKind kind;
  int number;
  char *text;
  gboolean clock;
} AlcoveCaptureSpec;

AlcoveCaptureSpec *alcove_capture_spec_parse (const char              *text,
                                              gboolean                 video,
                                              GError                 **error);
AlcoveCaptureSpec *alcove_capture_spec_copy  (const AlcoveCaptureSpec *self);
void               alcove_capture_spec_fill_number
                                             (AlcoveCaptureSpec       *self,
                                              int                     *number);
void               alcove_capture_spec_free  (AlcoveCaptureSpec       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveCaptureSpec, alcove_capture_spec_free)

G_END_DECLS
