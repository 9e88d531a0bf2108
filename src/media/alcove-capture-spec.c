/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-capture-spec"

#include "config.h"

#include "alcove-capture-spec.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-test-mark.h"

/* tones of numbered pictures: far enough apart to be told from each other */
#define TONE_BASE 300
#define TONE_STEP 40
#define TONE_COUNT 64

#define MIN_TONE_HZ 50
#define MAX_TONE_HZ 20000

static gboolean
read_number (const char *text,
             gboolean video,
             int *number)
{
  gint64 value;

  if (!g_ascii_string_to_signed (text, 10, video ? 0 : MIN_TONE_HZ,
                                 video ? ALCOVE_TEST_MARK_MAX_PICTURE : MAX_TONE_HZ, &value,
                                 NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

/**
 * alcove_capture_spec_parse:
 * @text: (nullable): `none`, `test`, `test:N`, `camera`, `mic`, `camera:ID`, `mic:ID` or
 *   `file:PATH`; %NULL is `none`. For pictures also `clock:PATH`, which is the file with the time
 *   drawn into each picture at the moment when it goes out, for measuring delays.
 * @video: whether a picture is wanted, else sound
 * @error: return location
 *
 * Returns: (transfer full): the parts, or %NULL with %ALCOVE_ERROR_FAILED
 */
AlcoveCaptureSpec *
alcove_capture_spec_parse (const char *text,
                           gboolean video,
                           GError **error)
{
  g_autoptr (AlcoveCaptureSpec) self = g_new0 (AlcoveCaptureSpec, 1);
  const char *device = video ? "camera" : "mic";
  gsize device_length = strlen (device);

  self->video = video;
  self->number = -1;

  if (text == NULL || g_str_equal (text, "none"))
    self->kind = ALCOVE_CAPTURE_NONE;
  else if (g_str_equal (text, "test"))
    self->kind = ALCOVE_CAPTURE_TEST;
  else if (g_str_has_prefix (text, "test:") && read_number (text + 5, video, &self->number))
    self->kind = ALCOVE_CAPTURE_TEST;
  else if (g_str_equal (text, device))
    self->kind = ALCOVE_CAPTURE_DEVICE;
  else if (g_str_has_prefix (text, device) && text[device_length] == ':'
           && text[device_length + 1] != '\0')
    {
      self->kind = ALCOVE_CAPTURE_DEVICE;
      self->text = g_strdup (text + device_length + 1);
    }
  else if (video && g_str_has_prefix (text, "clock:") && text[6] != '\0')
    {
      self->kind = ALCOVE_CAPTURE_FILE;
      self->clock = TRUE;
      self->text = g_strdup (text + 6);
    }
  else if (g_str_has_prefix (text, "file:") && text[5] != '\0')
    {
      self->kind = ALCOVE_CAPTURE_FILE;
      self->text = g_strdup (text + 5);
    }
  else
    {
      g_autofree char *shown = g_utf8_make_valid (text, strnlen (text, 80));

      if (video)
        g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                     _ ("“%s” is no picture source. Use none, test, test:N, camera, camera:ID "
                        "or file:PATH."),
                     shown);
      else
        g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                     _ ("“%s” is no sound source. Use none, test, test:HZ, mic, mic:ID "
                        "or file:PATH."),
                     shown);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * alcove_capture_spec_fill_number:
 * @self: a spec
 * @number: (inout): that of the test picture, which gives a test tone its pitch
 *
 * Gives a test source that has no number the one it should have, or takes over its number.
 */
void
alcove_capture_spec_fill_number (AlcoveCaptureSpec *self,
                                 int *number)
{
  if (self->kind != ALCOVE_CAPTURE_TEST)
    return;
  if (self->video && self->number >= 0)
    *number = self->number;
  else if (self->video)
    self->number = *number;
  else if (self->number < 0)
    self->number = TONE_BASE + TONE_STEP * (*number % TONE_COUNT);
}

/**
 * alcove_capture_spec_copy:
 * @self: a spec
 *
 * Returns: (transfer full): the same again
 */
AlcoveCaptureSpec *
alcove_capture_spec_copy (const AlcoveCaptureSpec *self)
{
  AlcoveCaptureSpec *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  return copy;
}

/**
 * alcove_capture_spec_free:
 * @self: (transfer full): a spec
 */
void
alcove_capture_spec_free (AlcoveCaptureSpec *self)
{
  g_free (self->text);
  g_free (self);
}
