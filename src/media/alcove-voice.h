/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_VOICE (alcove_voice_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveVoice, alcove_voice, ALCOVE, VOICE, GObject)

/**
 * AlcoveVoiceOptions:
 * @echo_cancellation: whether what the loudspeaker plays is taken out of what the microphone hears
 * @noise_suppression: whether steady noise is taken out
 * @gain_control: whether a low voice is raised and a loud one lowered
 */
typedef struct {
  gboolean echo_cancellation;
  gboolean noise_suppression;
  gboolean gain_control;
} AlcoveVoiceOptions;

#define ALCOVE_VOICE_OPTIONS_INIT \
  { .echo_cancellation = TRUE, .noise_suppression = TRUE, .gain_control = TRUE }

/**
 * AlcoveVoice:
 *
 * Makes what a microphone hears fit for a call, before it is metered and encoded. Test tones and
 * files go through it untouched, and so does everything where GStreamer's webrtcdsp is
 * not installed.
 */
gboolean alcove_voice_is_possible (void);
void     alcove_voice_set_options (AlcoveVoice              *self,
                                   const AlcoveVoiceOptions *options);

G_END_DECLS
