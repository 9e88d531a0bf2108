/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-screen: watches what Xvfb shows, by the file that holds its framebuffer.
 *
 * What is on the screen is what a person sees, whoever drew it: Alcove and a browser are read by
 * the same eye, which asks neither of them anything. Reading the file takes next to no time, so
 * that many looks a second are possible beside what is measured.
 *
 * bench-screen FILE marks SECONDS X,Y,CELL_WIDTH,CELL_HEIGHT…
 *   A line "TILE PICTURE COUNTER TIME" whenever another mark appears at one of the places,
 *   which are those that read-marks.py finds. TIME is that of the wall clock in milliseconds.
 * bench-screen FILE drawn SECONDS COLOURS
 *   Waits until the screen has more than so many colours, and prints the TIME of it.
 * bench-screen FILE grey
 *   Writes the screen as "WIDTH HEIGHT", a line feed, and grey pixels.
 *
 * Exit status 1: it did not happen in time.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define PERIOD_US 1000
#define MAX_TILES 64

#define COLUMNS 12
#define ROWS 4
#define SYNC_PATTERN 0xb2
#define THRESHOLD 128

/* Every so many pixels one is looked at for its colour. */
#define COLOUR_STEP 7
#define MAX_COLOURS 64

typedef struct {
  GMappedFile *file;
  const guint8 *pixels;
  int width;
  int height;
  gsize stride;
} Screen;

typedef struct {
  double x, y, cell_width, cell_height;
  gint64 last;
} Tile;

static double
wall_ms (void)
{
  return (double) g_get_real_time () / 1000.0;
}

/* The header of an XWD file: big-endian words, then the colour map, then the pixels. */
static gboolean
screen_open (Screen *self,
             const char *path)
{
  g_autoptr (GError) error = NULL;
  guint32 words[25];
  gsize offset;

  self->file = g_mapped_file_new (path, FALSE, &error);
  if (self->file == NULL)
    {
      g_printerr ("bench-screen: %s\n", error->message);
      return FALSE;
    }
  if (g_mapped_file_get_length (self->file) < sizeof words)
    return FALSE;

  memcpy (words, g_mapped_file_get_contents (self->file), sizeof words);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = GUINT32_FROM_BE (words[i]);
  self->width = (int) words[4];
  self->height = (int) words[5];
  self->stride = words[12];
  offset = words[0] + (gsize) words[19] * 12;
  if (words[11] != 32
      || offset + self->stride * (gsize) self->height > g_mapped_file_get_length (self->file))
    {
      g_printerr ("bench-screen: %s is no framebuffer of 32 bits a pixel\n", path);
      return FALSE;
    }
  self->pixels = (const guint8 *) g_mapped_file_get_contents (self->file) + offset;
  return TRUE;
}

/* Green is near enough to how bright it is. Another process writes meanwhile. */
static int
screen_get (const Screen *self,
            int x,
            int y)
{
  const volatile guint8 *pixel = self->pixels + (gsize) y * self->stride + (gsize) x * 4;

  return pixel[1];
}

static guint8
check_byte (const guint8 *bytes,
            gsize n)
{
  guint check = 0xff;

  for (gsize i = 0; i < n; i++)
    {
      check ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        check = (check & 0x80) != 0 ? (check << 1) ^ 0x07 : check << 1;
      check &= 0xff;
    }
  return (guint8) check;
}

/* Half a picture may be on the screen just now: then the checksum is wrong, and the next look
 * is a millisecond away. */
static gboolean
read_mark (const Screen *screen,
           const Tile *tile,
           guint *picture,
           guint *counter)
{
  guint8 bytes[COLUMNS * ROWS / 8] = { 0 };

  for (int i = 0; i < COLUMNS * ROWS; i++)
    {
      int x = (int) (tile->x + (i % COLUMNS + 0.5) * tile->cell_width);
      int y = (int) (tile->y + (i / COLUMNS + 0.5) * tile->cell_height);

      if (x < 0 || y < 0 || x >= screen->width || y >= screen->height)
        return FALSE;
      if (screen_get (screen, x, y) > THRESHOLD)
        bytes[i / 8] |= (guint8) (0x80 >> (i % 8));
    }
  if (bytes[0] != SYNC_PATTERN || bytes[5] != check_byte (bytes + 1, 4))
    return FALSE;

  *picture = bytes[1];
  *counter = (guint) bytes[2] << 16 | (guint) bytes[3] << 8 | bytes[4];
  return TRUE;
}

static int
watch_marks (const Screen *screen,
             double seconds,
             char **places)
{
  Tile tiles[MAX_TILES];
  gsize n = 0;
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  gboolean any = FALSE;

  for (; places[n] != NULL && n < MAX_TILES; n++)
    {
      tiles[n].last = -1;
      if (sscanf (places[n], "%lf,%lf,%lf,%lf", &tiles[n].x, &tiles[n].y, &tiles[n].cell_width,
                  &tiles[n].cell_height) != 4)
        {
          g_printerr ("bench-screen: \"%s\" is no place\n", places[n]);
          return 2;
        }
    }

  while (g_get_monotonic_time () < end)
    {
      for (gsize i = 0; i < n; i++)
        {
          guint picture, counter;
          gint64 value;

          if (!read_mark (screen, &tiles[i], &picture, &counter))
            continue;
          value = (gint64) picture << 24 | counter;
          if (value == tiles[i].last)
            continue;
          tiles[i].last = value;
          any = TRUE;
          printf ("%" G_GSIZE_FORMAT " %u %u %.2f\n", i, picture, counter, wall_ms ());
          fflush (stdout);
        }
      g_usleep (PERIOD_US);
    }
  return any ? 0 : 1;
}

static gboolean
has_colours (const Screen *screen,
             int wanted)
{
  guint32 seen[MAX_COLOURS];
  int n = 0;

  for (int y = 0; y < screen->height; y += COLOUR_STEP)
    for (int x = 0; x < screen->width; x += COLOUR_STEP)
      {
        guint32 colour;
        int i = 0;

        memcpy (&colour, screen->pixels + (gsize) y * screen->stride + (gsize) x * 4, 4);
        colour &= 0xffffff;
        while (i < n && seen[i] != colour)
          i++;
        if (i < n)
          continue;
        if (n >= wanted || n == MAX_COLOURS)
          return TRUE;
        seen[n++] = colour;
      }
  return FALSE;
}

static int
wait_drawn (const Screen *screen,
            double seconds,
            int colours)
{
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (!has_colours (screen, colours))
    {
      if (g_get_monotonic_time () >= end)
        return 1;
      g_usleep (PERIOD_US);
    }
  printf ("%.2f\n", wall_ms ());
  return 0;
}

static int
write_grey (const Screen *screen)
{
  printf ("%d %d\n", screen->width, screen->height);
  for (int y = 0; y < screen->height; y++)
    for (int x = 0; x < screen->width; x++)
      putchar (screen_get (screen, x, y));
  return fflush (stdout) == 0 ? 0 : 1;
}

int
main (int argc,
      char **argv)
{
  Screen screen = { 0 };

  if (argc >= 3 && !screen_open (&screen, argv[1]))
    return 2;
  if (argc >= 5 && g_str_equal (argv[2], "marks"))
    return watch_marks (&screen, g_ascii_strtod (argv[3], NULL), argv + 4);
  if (argc == 5 && g_str_equal (argv[2], "drawn"))
    return wait_drawn (&screen, g_ascii_strtod (argv[3], NULL), atoi (argv[4]));
  if (argc == 3 && g_str_equal (argv[2], "grey"))
    return write_grey (&screen);

  g_printerr ("usage: bench-screen FILE marks SECONDS PLACE… | drawn SECONDS COLOURS | grey\n");
  return 2;
}
