/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-problem"

#include "config.h"

#include "alcove-capture-problem.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/**
 * alcove_capture_problem_new:
 * @spec: what was wanted
 * @busy: whether it is there, but another program has it
 *
 * Returns: (transfer full): what to tell the person about a source that gives nothing, or nothing any
 *   more: %ALCOVE_ERROR_CAMERA_BUSY, %ALCOVE_ERROR_NO_CAMERA, %ALCOVE_ERROR_NO_MICROPHONE,
 *   %ALCOVE_ERROR_FILE, or %ALCOVE_ERROR_FAILED for a screen and for test sources
 */
GError *
alcove_capture_problem_new (const AlcoveCaptureSpec *spec,
                            gboolean busy)
{
  if (spec->kind == ALCOVE_CAPTURE_FILE)
    {
      g_autofree char *name = g_filename_display_basename (spec->text);

      return g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_FILE, _ ("“%s” can’t be played."), name);
    }
  if (spec->kind == ALCOVE_CAPTURE_SCREEN)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                                _ ("Your screen can’t be shown any more."));
  if (spec->kind == ALCOVE_CAPTURE_TEST || spec->kind == ALCOVE_CAPTURE_NONE)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                                _ ("The test source stopped working."));
  if (spec->video && busy)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_CAMERA_BUSY,
                                _ ("Another program is using the camera. Others see a still "
                                   "picture until it is free."));
  if (spec->video)
    return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_NO_CAMERA,
                                _ ("No camera can be used. Others see a still picture."));
  return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_NO_MICROPHONE,
                              _ ("No microphone can be used. Others do not hear you."));
}

/**
 * alcove_capture_problem_new_replaced:
 * @video: whether the device is a camera, else a microphone
 * @busy: whether it is there, but another program has it
 *
 * Returns: (transfer full): what to tell while another device than the chosen one is used:
 *   %ALCOVE_ERROR_OTHER_DEVICE
 */
GError *
alcove_capture_problem_new_replaced (gboolean video,
                                     gboolean busy)
{
  const char *text
      = !video ? _ ("The chosen microphone is not there. Another one is used until it is.")
        : busy ? _ ("Another program is using the chosen camera. Another camera is used until it is "
                    "free.")
               : _ ("The chosen camera is not there. Another one is used until it is.");

  return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_OTHER_DEVICE, text);
}

/**
 * alcove_capture_problem_parse_message:
 * @message: an error message of a source's pipeline
 * @busy: (out): whether it says that another program has the device
 *
 * Returns: (transfer full): what it says, for the log
 */
char *
alcove_capture_problem_parse_message (GstMessage *message,
                                      gboolean *busy)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *debug = NULL;
  const char *system = g_strerror (EBUSY);

  gst_message_parse_error (message, &error, &debug);
  /* elements that have no code for it pass on what the system says */
  *busy = g_error_matches (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY)
          || strstr (error->message, system) != NULL
          || (debug != NULL && strstr (debug, system) != NULL);
  return g_strdup (error->message);
}
