/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-test-mark"

#include "config.h"

#include "alcove-test-mark.h"

#include <string.h>

/*
 * The mark is a block of 12 by 4 black and white cells near the upper left
 * corner, placed and sized by fractions of the picture, so that it survives
 * scaling. Its 48 bits, row by row and highest bit first: 8 of a fixed pattern, 8 of the
 * picture's number, 24 of the frame's, 8 of a checksum. The fixed pattern has as
 * many ones as zeros and gives the levels that the rest is compared with.
 */
#define COLUMNS 12
#define ROWS 4
#define BITS (COLUMNS * ROWS)
#define SPAN_X 32
#define SPAN_Y 18

#define SYNC_BITS 8
#define SYNC_PATTERN 0xb2
#define CHECK_POLYNOMIAL 0x07

/* Limited range; a decoder that clips at the nominal limits changes nothing. */
#define LUMA_BLACK 16
#define LUMA_WHITE 235

/* Between the sync pattern's white and black; less is no mark but a picture. */
#define MIN_CONTRAST 64

static guint8
check_byte (guint picture,
            guint32 counter)
{
  const guint8 bytes[] = {
    (guint8) picture,
    (guint8) (counter >> 16),
    (guint8) (counter >> 8),
    (guint8) counter,
  };
  guint check = 0xff;

  for (gsize i = 0; i < G_N_ELEMENTS (bytes); i++)
    {
      check ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        check = (check & 0x80) != 0 ? (check << 1) ^ CHECK_POLYNOMIAL : check << 1;
      check &= 0xff;
    }

  return (guint8) check;
}

/* The margin of one cell all round keeps the mark clear of cropped edges. */
static void
get_cell (int index,
          int width,
          int height,
          int *left,
          int *top,
          int *right,
          int *bottom)
{
  int column = index % COLUMNS + 1;
  int row = index / COLUMNS + 1;

  *left = width * column / SPAN_X;
  *right = width * (column + 1) / SPAN_X;
  *top = height * row / SPAN_Y;
  *bottom = height * (row + 1) / SPAN_Y;
}

/* Only the middle of a cell is read: its border is blurred by scaling. */
static int
read_cell (const guint8 *luma,
           gsize stride,
           int width,
           int height,
           int index)
{
  int left, top, right, bottom, margin_x, margin_y;
  guint sum = 0;
  guint count = 0;

  get_cell (index, width, height, &left, &top, &right, &bottom);
  margin_x = (right - left) / 3;
  margin_y = (bottom - top) / 3;

  for (int y = top + margin_y; y < bottom - margin_y; y++)
    for (int x = left + margin_x; x < right - margin_x; x++)
      {
        sum += luma[(gsize) y * stride + (gsize) x];
        count++;
      }

  return count > 0 ? (int) (sum / count) : 0;
}

/**
 * alcove_test_mark_draw_luma:
 * @luma: (inout): the luma plane of a picture, 8 bits a pixel
 * @stride: bytes from one row to the next
 * @width: in pixels
 * @height: in pixels
 * @picture: number of the test picture; 8 bits are kept
 * @counter: number of the frame; 24 bits are kept
 *
 * Draws a mark that alcove_test_mark_read_luma() finds again after compression and
 * scaling. Draws nothing if the picture is smaller than %ALCOVE_TEST_MARK_MIN_WIDTH by
 * %ALCOVE_TEST_MARK_MIN_HEIGHT. Chroma should be left as it is or be made grey. May be
 * called from any thread.
 */
void
alcove_test_mark_draw_luma (guint8 *luma,
                            gsize stride,
                            int width,
                            int height,
                            guint picture,
                            guint32 counter)
{
  guint64 bits;

  if (width < ALCOVE_TEST_MARK_MIN_WIDTH || height < ALCOVE_TEST_MARK_MIN_HEIGHT)
    return;

  picture &= ALCOVE_TEST_MARK_MAX_PICTURE;
  counter &= ALCOVE_TEST_MARK_MAX_COUNTER;
  bits = (guint64) SYNC_PATTERN << 40 | (guint64) picture << 32 | (guint64) counter << 8
         | check_byte (picture, counter);

  for (int i = 0; i < BITS; i++)
    {
      gboolean white = (bits >> (BITS - 1 - i) & 1) != 0;
      int left, top, right, bottom;

      get_cell (i, width, height, &left, &top, &right, &bottom);
      for (int y = top; y < bottom; y++)
        memset (luma + (gsize) y * stride + (gsize) left, white ? LUMA_WHITE : LUMA_BLACK,
                (gsize) (right - left));
    }
}

/**
 * alcove_test_mark_read_luma:
 * @luma: the luma plane of a picture, 8 bits a pixel
 * @stride: bytes from one row to the next
 * @width: in pixels
 * @height: in pixels
 * @picture: (out): number of the test picture
 * @counter: (out): number of the frame
 *
 * Looks for the mark of alcove_test_mark_draw_luma(). A picture without one is told by the
 * fixed pattern and the checksum. May be called from any thread.
 *
 * Returns: whether there is one; @picture and @counter are set only then
 */
gboolean
alcove_test_mark_read_luma (const guint8 *luma,
                            gsize stride,
                            int width,
                            int height,
                            guint *picture,
                            guint32 *counter)
{
  int white = 0;
  int black = 0;
  int threshold;
  guint64 bits = 0;
  guint found_picture;
  guint32 found_counter;

  if (width < ALCOVE_TEST_MARK_MIN_WIDTH || height < ALCOVE_TEST_MARK_MIN_HEIGHT)
    return FALSE;

  for (int i = 0; i < SYNC_BITS; i++)
    {
      int level = read_cell (luma, stride, width, height, i);

      if ((SYNC_PATTERN >> (SYNC_BITS - 1 - i) & 1) != 0)
        white += level;
      else
        black += level;
    }
  white /= SYNC_BITS / 2;
  black /= SYNC_BITS / 2;
  if (white - black < MIN_CONTRAST)
    return FALSE;

  threshold = (white + black) / 2;
  for (int i = 0; i < BITS; i++)
    bits = bits << 1 | (read_cell (luma, stride, width, height, i) > threshold);

  found_picture = bits >> 32 & 0xff;
  found_counter = bits >> 8 & 0xffffff;
  if (bits >> 40 != SYNC_PATTERN || (bits & 0xff) != check_byte (found_picture, found_counter))
    return FALSE;

  *picture = found_picture;
  *counter = found_counter;
  return TRUE;
}
