/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-content: writes what the bench shows and says, the same bytes each time.
 *
 * The picture is what a camera sees of a person before a wall: a textured ground that shifts
 * a little, as a hand-held camera's does, a head that sways, shades its own texture and
 * speaks, light that breathes, and the noise of a sensor, new in every frame. A flat test
 * card would cost an encoder next to nothing and measure nothing. Each frame bears the mark of
 * src/media/alcove-test-mark.c with the number of the picture and of the frame.
 *
 * The sound has the pitch, the syllables and the pauses of speech.
 */

#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>

#include "alcove-test-mark.h"

#define MAX_SIDE 4096
#define SOUND_RATE 48000

/* Standard deviation of the noise, in luma steps: a webcam in a lit room. */
#define NOISE 3.0
#define NOISE_TABLE 65536

typedef struct {
  int width;
  int height;
  int fps;
  int frames;
  int picture;
  char *video;
  char *sound;
} Options;

/* xorshift: the same everywhere, and as fast as the rest needs it. */
static guint32
next_random (guint32 *state)
{
  *state ^= *state << 13;
  *state ^= *state >> 17;
  *state ^= *state << 5;
  return *state;
}

static double
next_unit (guint32 *state)
{
  return next_random (state) / 4294967296.0;
}

static void
fill_noise (gint8 *noise,
            guint32 *state)
{
  for (int i = 0; i < NOISE_TABLE; i++)
    {
      double sum = 0.0;

      for (int n = 0; n < 12; n++)
        sum += next_unit (state);
      noise[i] = (gint8) lrint ((sum - 6.0) * NOISE);
    }
}

/* A wall with something on it: smooth waves of several lengths, and edges. */
static double
wall_at (double x,
         double y)
{
  double value = 118.0 + 22.0 * sin (x * 0.013 + 1.0) * cos (y * 0.017)
                 + 9.0 * sin (x * 0.11 + y * 0.07) + 5.0 * sin (x * 0.31 - y * 0.23);

  if (fmod (fabs (x) + 400.0, 160.0) < 6.0)
    value -= 36.0;
  if (fmod (fabs (y) + 300.0, 110.0) < 4.0)
    value -= 22.0;
  return value;
}

static void
paint (guint8 *frame,
       const Options *options,
       int index,
       const gint8 *noise,
       guint32 *state)
{
  int width = options->width;
  int height = options->height;
  guint8 *u = frame + (gsize) width * (gsize) height;
  guint8 *v = u + (gsize) (width / 2) * (gsize) (height / 2);
  double seconds = (double) index / options->fps;
  double phase = options->picture * 0.7;
  double scale = height / 360.0;
  double shift_x = 6.0 * sin (seconds * 0.9 + phase) + 2.0 * sin (seconds * 5.3);
  double shift_y = 3.0 * sin (seconds * 0.7 + 1.0) + 1.5 * sin (seconds * 6.1 + phase);
  double head_x = width * (0.55 + 0.05 * sin (seconds * 0.8 + phase));
  double head_y = height * (0.48 + 0.02 * sin (seconds * 1.7));
  double head_w = 62.0 * scale, head_h = 84.0 * scale;
  double light = 4.0 * sin (seconds * 0.35);
  double mouth = fabs (sin (seconds * 9.0)) * fabs (sin (seconds * 1.3)) * 10.0 * scale;
  guint at = next_random (state);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      {
        double dx = (x - head_x) / head_w, dy = (y - head_y) / head_h;
        double body_x = (x - head_x) / (head_w * 2.1);
        double body_y = (y - head_y - head_h * 2.1) / (head_h * 1.25);
        double value;

        if (dx * dx + dy * dy < 1.0)
          {
            value = 150.0 - 40.0 * dx - 18.0 * dy + 6.0 * sin ((x - head_x) * 0.6 / scale)
                    * sin ((y - head_y) * 0.5 / scale);
            if (fabs (fabs (dx) - 0.38) < 0.12 && fabs (dy + 0.2) < 0.07)
              value = 45.0;
            if (fabs (dx) < 0.35 && fabs (y - head_y - head_h * 0.5) < 2.0 * scale + mouth)
              value = 60.0;
          }
        else if (body_x * body_x + body_y * body_y < 1.0)
          value = 70.0 + 14.0 * sin ((x - head_x) * 0.35 / scale) + 10.0 * sin (y * 0.9 / scale);
        else
          value = wall_at ((x + shift_x) / scale, (y + shift_y) / scale);

        value += light + noise[at++ % NOISE_TABLE];
        frame[y * width + x] = (guint8) CLAMP (value, 16.0, 235.0);
      }

  for (int y = 0; y < height / 2; y++)
    for (int x = 0; x < width / 2; x++)
      {
        double dx = (x * 2 - head_x) / head_w, dy = (y * 2 - head_y) / head_h;
        gboolean head = dx * dx + dy * dy < 1.0;
        int grain = noise[at++ % NOISE_TABLE] / 2;

        u[y * (width / 2) + x] = (guint8) ((head ? 112 : 124 + options->picture * 3 % 20) + grain);
        v[y * (width / 2) + x] = (guint8) ((head ? 150 : 126) - grain);
      }

  alcove_test_mark_draw_luma (frame, (gsize) width, width, height, (guint) options->picture,
                              (guint32) index);
}

static gboolean
write_video (const Options *options)
{
  FILE *file = g_str_equal (options->video, "-") ? stdout : fopen (options->video, "wb");
  gsize size = (gsize) options->width * (gsize) options->height * 3 / 2;
  g_autofree guint8 *frame = g_malloc (size);
  g_autofree gint8 *noise = g_malloc (NOISE_TABLE);
  guint32 state = 2463534242u + (guint32) options->picture;
  gboolean done = file != NULL;

  fill_noise (noise, &state);
  if (done)
    done = fprintf (file, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n", options->width,
                    options->height, options->fps) > 0;
  for (int i = 0; done && i < options->frames; i++)
    {
      paint (frame, options, i, noise, &state);
      done = fputs ("FRAME\n", file) >= 0 && fwrite (frame, size, 1, file) == 1;
    }
  if (file != NULL && fclose (file) != 0)
    done = FALSE;
  if (!done)
    g_printerr ("bench-content: %s: %s\n", options->video, g_strerror (errno));
  return done;
}

static void
put (GByteArray *bytes,
     guint32 value,
     guint size)
{
  for (guint i = 0; i < size; i++)
    {
      guint8 byte = (guint8) (value >> (8 * i));

      g_byte_array_append (bytes, &byte, 1);
    }
}

static gboolean
write_sound (const Options *options)
{
  guint n = (guint) ((gint64) SOUND_RATE * options->frames / options->fps);
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (44 + n * 2);
  g_autoptr (GError) error = NULL;
  guint32 state = 88172645u + (guint32) options->picture;
  double angle = 0.0;

  g_byte_array_append (bytes, (const guint8 *) "RIFF", 4);
  put (bytes, 36 + n * 2, 4);
  g_byte_array_append (bytes, (const guint8 *) "WAVEfmt ", 8);
  put (bytes, 16, 4);
  put (bytes, 1, 2);
  put (bytes, 1, 2);
  put (bytes, SOUND_RATE, 4);
  put (bytes, SOUND_RATE * 2, 4);
  put (bytes, 2, 2);
  put (bytes, 16, 2);
  g_byte_array_append (bytes, (const guint8 *) "data", 4);
  put (bytes, n * 2, 4);

  for (guint i = 0; i < n; i++)
    {
      double seconds = (double) i / SOUND_RATE;
      double pitch = 120.0 + 25.0 * sin (seconds * 2.1) + options->picture * 9 % 60;
      double syllable = MAX (sin (seconds * 2.0 * G_PI * 3.7), 0.0);
      double phrase = fmod (seconds, 3.0) < 2.2 ? 1.0 : 0.02;
      double value;

      angle += 2.0 * G_PI * pitch / SOUND_RATE;
      value = sin (angle) + 0.6 * sin (2.0 * angle) + 0.4 * sin (3.0 * angle + 0.5)
              + 0.25 * sin (7.0 * angle) + 0.3 * (next_unit (&state) - 0.5);
      put (bytes, (guint16) (gint16) (value * syllable * phrase * 6000.0), 2);
    }

  if (!g_file_set_contents (options->sound, (const char *) bytes->data, bytes->len, &error))
    {
      g_printerr ("bench-content: %s\n", error->message);
      return FALSE;
    }
  return TRUE;
}

int
main (int argc,
      char **argv)
{
  Options options = { .width = 640, .height = 360, .fps = 30, .frames = 300, .picture = 1 };
  const GOptionEntry entries[] = {
    { "width", 0, 0, G_OPTION_ARG_INT, &options.width, "Of the picture", "PIXELS" },
    { "height", 0, 0, G_OPTION_ARG_INT, &options.height, "Of the picture", "PIXELS" },
    { "fps", 0, 0, G_OPTION_ARG_INT, &options.fps, "Frames a second", "N" },
    { "frames", 0, 0, G_OPTION_ARG_INT, &options.frames, "How many", "N" },
    { "picture", 0, 0, G_OPTION_ARG_INT, &options.picture, "Number in the mark", "N" },
    { "video", 0, 0, G_OPTION_ARG_STRING, &options.video, "YUV4MPEG2 file; - is stdout", "PATH" },
    { "sound", 0, 0, G_OPTION_ARG_STRING, &options.sound, "WAV file", "PATH" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("bench-content: %s\n", error->message);
      return 2;
    }
  if (options.width < 16 || options.height < 16 || options.width > MAX_SIDE
      || options.height > MAX_SIDE || options.width % 2 != 0 || options.height % 2 != 0
      || options.fps < 1 || options.fps > 120 || options.frames < 1)
    {
      g_printerr ("bench-content: that is no picture\n");
      return 2;
    }

  if (options.video != NULL && !write_video (&options))
    return 1;
  if (options.sound != NULL && !write_sound (&options))
    return 1;
  return 0;
}
