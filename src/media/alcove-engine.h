/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-devices.h"
#include "alcove-frame-slot.h"
#include "alcove-screen-share.h"
#include "alcove-voice.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ENGINE (alcove_engine_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveEngine, alcove_engine, ALCOVE, ENGINE, GObject)

/**
 * AlcoveEngineOptions:
 * @video: `none`, `test`, `test:N` (a numbered test picture), `camera`, `camera:DEVICE-ID`
 *   or `file:PATH`
 * @audio: `none`, `test`, `test:HZ`, `mic`, `mic:DEVICE-ID` or `file:PATH`
 * @playout: `auto`, `none` or `speaker:DEVICE-ID`
 * @width: of the picture we send
 * @height: of the picture we send
 * @fps: of the picture we send
 * @codec: (nullable): what the picture is offered in first: `vp8`, `h264` or `auto`; %NULL is `auto`;
 *   what is not installed is a notice, and the picture is offered in what is
 * @receive: whether what the peers send is decoded at all
 * @stun: (nullable): `stun:host:port` or `stun://host:port`
 * @turn: (nullable): `turn://user:password@host:port?transport=udp` or the browser's form
 * @relay_only: use relayed candidates alone
 * @devices: (nullable): this computer's, where the program has them already
 *
 * What a participant sends and receives. A source `none` still negotiates its
 * line: a still picture at a low rate, or silence.
 */
typedef struct {
  const char *video;
  const char *audio;
  const char *playout;
  int width;
  int height;
  int fps;
  const char *codec;
  gboolean receive;
  const char *stun;
  const char *turn;
  gboolean relay_only;
  AlcoveDevices *devices;
} AlcoveEngineOptions;

#define ALCOVE_ENGINE_OPTIONS_INIT \
  { .video = "camera", .audio = "mic", .playout = "auto", \
    .width = 640, .height = 360, .fps = 30, .receive = TRUE }

/**
 * AlcoveEngine:
 *
 * Captures once, encodes once, and makes a link for each peer; implements
 * #AlcovePeerLinkFactory.
 *
 * Properties, notified on the main context: `muted` and `camera-off` (writable: what
 * is sent becomes silence, or a still picture), `camera-available`, `microphone-available`,
 * `input-level` (double, 0 to 1, the microphone after muting is ignored, so that the
 * lobby can show it; at most 15 times a second), `speaking` (we, by the same rule as for peers).
 *
 * Signals: `notice (GError)`: something to tell the person: no camera, a device
 * was unplugged, a file can't be played; the engine goes on with what is left.
 * `notice-over (GError)`: what that notice of a source, of the sound output, of the codec or of the
 * STUN and TURN servers said holds no longer; until then alcove_engine_dup_standing() has it.
 */
AlcoveEngine    *alcove_engine_new               (const AlcoveEngineOptions *options,
                                                  GError                   **error);
void             alcove_engine_start             (AlcoveEngine *self);
void             alcove_engine_stop              (AlcoveEngine *self);
void             alcove_engine_set_video         (AlcoveEngine *self,
                                                  const char   *video);
void             alcove_engine_set_audio         (AlcoveEngine *self,
                                                  const char   *audio);
void             alcove_engine_set_speaker       (AlcoveEngine *self,
                                                  const char   *speaker);
AlcoveVoice     *alcove_engine_get_voice         (AlcoveEngine *self);
void             alcove_engine_set_ice_servers   (AlcoveEngine *self,
                                                  const char   *stun,
                                                  const char   *turn,
                                                  gboolean      relay_only);
void             alcove_engine_set_codec         (AlcoveEngine *self,
                                                  const char   *codec);
void             alcove_engine_set_muted         (AlcoveEngine *self,
                                                  gboolean      muted);
gboolean         alcove_engine_get_muted         (AlcoveEngine *self);
void             alcove_engine_set_camera_off    (AlcoveEngine *self,
                                                  gboolean      camera_off);
gboolean         alcove_engine_get_camera_off    (AlcoveEngine *self);
gboolean         alcove_engine_get_camera_available (AlcoveEngine *self);
gboolean         alcove_engine_get_camera_missing (AlcoveEngine *self);
double           alcove_engine_get_input_level   (AlcoveEngine *self);
/* our own picture as it is captured, before the encoder */
AlcoveFrameSlot *alcove_engine_get_preview       (AlcoveEngine *self);
/* whether something is installed that encodes and decodes H.264, working or not */
gboolean         alcove_engine_has_h264          (void);
/* our screen in place of the camera */
AlcoveScreenShare *alcove_engine_get_screen_share (AlcoveEngine *self);
/* what was told and holds */
char           **alcove_engine_dup_standing      (AlcoveEngine *self);

G_END_DECLS
