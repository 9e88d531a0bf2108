/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-picture-size"

#include "config.h"

#include "alcove-picture-size.h"

/* What a picture costs goes by its area, and screens are wide, tall or both: this holds 4K in every
 * shape that is sold (4096×2160, 3840×2400, 5120×1440, and each on its end). */
#define MAX_AREA (4096 * 2304)
#define MAX_SIDE 8192

#define MACROBLOCK 16

/* of H.264 */
#define NAL_SEQUENCE 7
#define MAX_SEQUENCE_ID 31
#define MAX_CHROMA_FORMAT 3
#define MAX_ORDER_TYPE 2
#define MAX_ORDER_CYCLE 255

/* Reads bits, the highest first. Beyond the end they are 0, and @failed is set. */
typedef struct {
  const guint8 *data;
  gsize length;
  gsize at; /* in bits */
  gboolean failed;
} Bits;

static guint
bits_read (Bits *self)
{
  gsize byte = self->at / 8;
  guint shift = 7 - self->at % 8;

  if (byte >= self->length)
    {
      self->failed = TRUE;
      return 0;
    }

  self->at++;
  return self->data[byte] >> shift & 1;
}

static void
bits_skip (Bits *self,
           guint n)
{
  for (guint i = 0; i < n; i++)
    bits_read (self);
}

/* An Exp-Golomb number, section 9.1. */
static guint32
bits_read_number (Bits *self)
{
  guint n_zeros = 0;
  guint64 value = 1;

  while (bits_read (self) == 0)
    if (self->failed || ++n_zeros > 31)
      {
        self->failed = TRUE;
        return 0;
      }
  for (guint i = 0; i < n_zeros; i++)
    value = value << 1 | bits_read (self);

  return (guint32) (value - 1);
}

/* The same with a sign, of which only the lowest eight bits are wanted here. */
static guint8
bits_read_signed (Bits *self)
{
  guint32 value = bits_read_number (self);

  return (guint8) ((value & 1) != 0 ? value / 2 + 1 : -(value / 2));
}

static void
skip_scaling_list (Bits *bits,
                   guint size)
{
  guint8 last = 8;
  guint8 next = 8;

  for (guint i = 0; i < size && !bits->failed; i++)
    {
      if (next != 0)
        next = (guint8) (last + bits_read_signed (bits));
      if (next != 0)
        last = next;
    }
}

static gboolean
has_chroma_format (guint profile)
{
  static const guint8 profiles[] = { 44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244 };

  for (gsize i = 0; i < G_N_ELEMENTS (profiles); i++)
    if (profiles[i] == profile)
      return TRUE;
  return FALSE;
}

static void
skip_chroma_format (Bits *bits)
{
  guint32 format = bits_read_number (bits);

  if (format > MAX_CHROMA_FORMAT)
    bits->failed = TRUE;
  if (format == 3)
    bits_skip (bits, 1); /* separate_colour_plane_flag */
  bits_read_number (bits); /* bit depths */
  bits_read_number (bits);
  bits_skip (bits, 1); /* qpprime_y_zero_transform_bypass_flag */
  if (bits_read (bits) != 0)
    for (guint i = 0; i < (format == 3 ? 12 : 8); i++)
      if (bits_read (bits) != 0)
        skip_scaling_list (bits, i < 6 ? 16 : 64);
}

static void
skip_order (Bits *bits)
{
  guint32 type = bits_read_number (bits);
  guint32 n = 0;

  if (type > MAX_ORDER_TYPE)
    bits->failed = TRUE;
  if (type == 0)
    bits_read_number (bits); /* log2_max_pic_order_cnt_lsb_minus4 */
  if (type == 1)
    {
      bits_skip (bits, 1); /* delta_pic_order_always_zero_flag */
      bits_read_number (bits);
      bits_read_number (bits);
      n = bits_read_number (bits);
    }
  if (n > MAX_ORDER_CYCLE)
    bits->failed = TRUE;
  for (guint32 i = 0; i < n && !bits->failed; i++)
    bits_read_number (bits);
}

/* A sequence parameter set up to its size, section 7.3.2.1.1; @data begins behind the header of the
 * unit. Decoders differ in what they make of escaped bytes when the rest is spoilt, and no encoder
 * needs any before the size: there it is taken for the end. */
static gboolean
read_sequence (const guint8 *data,
               gsize length,
               guint64 *width,
               guint64 *height)
{
  Bits bits = { .data = data, .length = length };
  guint profile;
  guint64 columns, rows;

  for (gsize i = 0; i + 2 < length; i++)
    if (data[i] == 0 && data[i + 1] == 0 && data[i + 2] <= 3)
      {
        bits.length = i;
        break;
      }
  if (bits.length < 3)
    return FALSE;

  profile = data[0];
  bits_skip (&bits, 24); /* with constraints and level */
  if (bits_read_number (&bits) > MAX_SEQUENCE_ID)
    return FALSE;
  if (has_chroma_format (profile))
    skip_chroma_format (&bits);
  bits_read_number (&bits); /* log2_max_frame_num_minus4 */
  skip_order (&bits);
  bits_read_number (&bits); /* max_num_ref_frames */
  bits_skip (&bits, 1); /* gaps_in_frame_num_value_allowed_flag */
  columns = (guint64) bits_read_number (&bits) + 1;
  rows = (guint64) bits_read_number (&bits) + 1;
  if (bits_read (&bits) == 0) /* frame_mbs_only_flag */
    rows *= 2;

  *width = columns * MACROBLOCK;
  *height = rows * MACROBLOCK;
  return !bits.failed;
}

/**
 * alcove_picture_size_read_vp8:
 * @data: one picture, or at least the first %ALCOVE_PICTURE_SIZE_VP8_HEAD bytes of it
 * @length: how many bytes there are
 * @width: (out): as it says
 * @height: (out): likewise
 *
 * Reads the size from a key frame: frame tag, start code, then two 14-bit numbers (RFC 6386,
 * section 9.1). Any thread.
 *
 * Returns: what there is; @width and @height are set only with %ALCOVE_PICTURE_SIZE_KNOWN
 */
AlcovePictureSize
alcove_picture_size_read_vp8 (const guint8 *data,
                              gsize length,
                              int *width,
                              int *height)
{
  int columns, rows;

  if (length == 0 || (data[0] & 1) != 0)
    return ALCOVE_PICTURE_SIZE_NONE;
  if (length < ALCOVE_PICTURE_SIZE_VP8_HEAD || data[3] != 0x9d || data[4] != 0x01
      || data[5] != 0x2a)
    return ALCOVE_PICTURE_SIZE_BROKEN;

  columns = (data[6] | data[7] << 8) & 0x3fff;
  rows = (data[8] | data[9] << 8) & 0x3fff;
  if (columns == 0 || rows == 0)
    return ALCOVE_PICTURE_SIZE_BROKEN;

  *width = columns;
  *height = rows;
  return ALCOVE_PICTURE_SIZE_KNOWN;
}

/**
 * alcove_picture_size_read_h264:
 * @data: one picture as byte stream
 * @length: how many bytes there are
 * @width: (out): as its parameters say, before anything is cut off; at most %G_MAXINT
 * @height: (out): likewise
 *
 * Reads the size from all sequence parameter sets that come with a picture (ITU-T H.264, section
 * 7.3.2.1.1). If there are several of them, the largest of each side counts. Any thread.
 *
 * Returns: what there is; @width and @height are set only with %ALCOVE_PICTURE_SIZE_KNOWN
 */
AlcovePictureSize
alcove_picture_size_read_h264 (const guint8 *data,
                               gsize length,
                               int *width,
                               int *height)
{
  guint64 widest = 0;
  guint64 highest = 0;

  for (gsize i = 0; i + 3 < length; i++)
    {
      guint64 columns, rows;

      if (data[i] != 0 || data[i + 1] != 0 || data[i + 2] != 1
          || (data[i + 3] & 0x1f) != NAL_SEQUENCE)
        continue;
      if (!read_sequence (data + i + 4, length - i - 4, &columns, &rows))
        return ALCOVE_PICTURE_SIZE_BROKEN;
      widest = MAX (widest, columns);
      highest = MAX (highest, rows);
    }
  if (widest == 0)
    return ALCOVE_PICTURE_SIZE_NONE;

  *width = (int) MIN (widest, G_MAXINT);
  *height = (int) MIN (highest, G_MAXINT);
  return ALCOVE_PICTURE_SIZE_KNOWN;
}

/**
 * alcove_picture_size_read:
 * @codec: what @buffer is encoded with
 * @buffer: one picture; of H.264 as byte stream
 * @width: (out): as it says
 * @height: (out): likewise
 *
 * See alcove_picture_size_read_vp8() and alcove_picture_size_read_h264().
 *
 * Returns: what there is; @width and @height are set only with %ALCOVE_PICTURE_SIZE_KNOWN
 */
AlcovePictureSize
alcove_picture_size_read (AlcoveVideoCodec codec,
                          GstBuffer *buffer,
                          int *width,
                          int *height)
{
  AlcovePictureSize result;
  GstMapInfo map;

  if (codec == ALCOVE_VIDEO_CODEC_VP8)
    {
      guint8 head[ALCOVE_PICTURE_SIZE_VP8_HEAD];
      gsize length = gst_buffer_extract (buffer, 0, head, sizeof head);

      return alcove_picture_size_read_vp8 (head, length, width, height);
    }

  if (!gst_buffer_map (buffer, &map, GST_MAP_READ))
    return ALCOVE_PICTURE_SIZE_BROKEN;
  result = alcove_picture_size_read_h264 (map.data, map.size, width, height);
  gst_buffer_unmap (buffer, &map);

  return result;
}

/**
 * alcove_picture_size_is_bearable:
 * @width: of a picture
 * @height: likewise
 *
 * Returns: whether a picture of a stranger may be that large
 */
gboolean
alcove_picture_size_is_bearable (int width,
                                 int height)
{
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE
         && (gint64) width * height <= MAX_AREA;
}
