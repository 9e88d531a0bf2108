/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-engine"

#include "config.h"

#include "alcove-engine-check.h"

#include <glib/gi18n.h>
#include <gst/gst.h>

#include "alcove-codec-choice.h"
#include "alcove-error.h"

#define MIN_SIDE 64
#define MAX_SIDE 4096
#define MAX_FPS 120

/**
 * alcove_engine_check_elements:
 * @error: return location
 *
 * Returns: whether GStreamer has all that a call takes, else %FALSE with
 *   %ALCOVE_ERROR_MISSING_ELEMENT that names the Debian package
 */
gboolean
alcove_engine_check_elements (GError **error)
{
  const struct {
    const char *element;
    const char *package;
  } needed[] = {
    { "appsrc", "gstreamer1.0-plugins-base" },
    { "videoconvertscale", "gstreamer1.0-plugins-base" },
    { "videorate", "gstreamer1.0-plugins-base" },
    { "videotestsrc", "gstreamer1.0-plugins-base" },
    { "audiotestsrc", "gstreamer1.0-plugins-base" },
    { "audiomixer", "gstreamer1.0-plugins-base" },
    { "audioconvert", "gstreamer1.0-plugins-base" },
    { "audioresample", "gstreamer1.0-plugins-base" },
    { "volume", "gstreamer1.0-plugins-base" },
    { "uridecodebin", "gstreamer1.0-plugins-base" },
    { "opusenc", "gstreamer1.0-plugins-base" },
    { "opusdec", "gstreamer1.0-plugins-base" },
    { "vp8enc", "gstreamer1.0-plugins-good" },
    { "vp8dec", "gstreamer1.0-plugins-good" },
    { "rtpvp8pay", "gstreamer1.0-plugins-good" },
    { "rtpbin", "gstreamer1.0-plugins-good" },
    { "srtpenc", "gstreamer1.0-plugins-bad" },
    { "dtlsenc", "gstreamer1.0-plugins-bad" },
    { "sctpenc", "gstreamer1.0-plugins-bad" },
    { "webrtcbin", "gstreamer1.0-plugins-bad" },
    { "nicesink", "gstreamer1.0-nice" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_autoptr (GstElementFactory) factory = gst_element_factory_find (needed[i].element);

      if (factory != NULL)
        continue;
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                   _ ("GStreamer’s “%s” is missing. Install the Debian package %s."),
                   needed[i].element, needed[i].package);
      return FALSE;
    }

  return TRUE;
}

/**
 * alcove_engine_check_options:
 * @options: what to send and receive
 * @error: return location
 *
 * Returns: whether size, rate, codec and playout make sense, else %FALSE with %ALCOVE_ERROR_FAILED
 */
gboolean
alcove_engine_check_options (const AlcoveEngineOptions *options,
                             GError **error)
{
  AlcoveCodecPreference preference;

  if (!alcove_codec_preference_parse (options->codec, &preference))
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("“%s” is no codec of the picture. Use auto, vp8 or h264."), options->codec);
      return FALSE;
    }

  if (options->playout != NULL && !g_str_equal (options->playout, "auto")
      && !g_str_equal (options->playout, "none")
      && !(g_str_has_prefix (options->playout, "speaker:") && options->playout[8] != '\0'))
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("“%s” is no sound output. Use auto, none or speaker:ID."), options->playout);
      return FALSE;
    }

  if (options->width >= MIN_SIDE && options->width <= MAX_SIDE && options->height >= MIN_SIDE
      && options->height <= MAX_SIDE && options->width % 2 == 0 && options->height % 2 == 0
      && options->fps >= 1 && options->fps <= MAX_FPS)
    return TRUE;

  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
               _ ("%d×%d with a frame rate of %d can’t be sent. Use even sides from %d to %d "
                  "and a frame rate from 1 to %d."),
               options->width, options->height, options->fps, MIN_SIDE, MAX_SIDE, MAX_FPS);
  return FALSE;
}

/**
 * alcove_engine_check_codec:
 * @preference: what the person wants
 * @error: return location
 *
 * Returns: whether it can be had, else %FALSE with %ALCOVE_ERROR_MISSING_ELEMENT, and calls go on
 *   with what there is
 */
gboolean
alcove_engine_check_codec (AlcoveCodecPreference preference,
                           GError **error)
{
  if (preference != ALCOVE_CODEC_H264 || alcove_engine_has_h264 ())
    return TRUE;

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_MISSING_ELEMENT,
                       _ ("The picture is sent as VP8, as nothing is installed that encodes and "
                          "decodes H.264. GStreamer’s openh264 would do."));
  return FALSE;
}

/**
 * alcove_engine_has_h264:
 *
 * Returns: whether something is installed that encodes and decodes H.264, working or not
 */
gboolean
alcove_engine_has_h264 (void)
{
  gst_init (NULL, NULL);
  return alcove_codec_choice_is_installed (ALCOVE_VIDEO_CODEC_H264);
}
