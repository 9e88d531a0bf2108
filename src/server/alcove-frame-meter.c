/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-frame-meter"

#include "config.h"

#include "alcove-frame-meter.h"

/* libsoup bounds the length of one frame, and counts nothing: a message of
 * endless fragments grows in memory without end, and pings are answered as
 * fast as they come. The meter sees frames before libsoup does. */

#define OPCODE_CONTROL 0x08
#define MASKED 0x80
#define FIN 0x80

/* 0: not known yet, since the length's own size is in the second byte */
static guint
header_size (const AlcoveFrameMeter *self)
{
  guint size = 2;

  if (self->header_length < 2)
    return 0;

  if ((self->header[1] & 0x7f) == 126)
    size += 2;
  else if ((self->header[1] & 0x7f) == 127)
    size += 8;
  if (self->header[1] & MASKED)
    size += 4;

  return size;
}

static guint64
payload_size (const AlcoveFrameMeter *self)
{
  guint short_size = self->header[1] & 0x7f;
  guint n = short_size == 126 ? 2 : short_size == 127 ? 8 : 0;
  guint64 size = 0;

  if (n == 0)
    return short_size;

  for (guint i = 0; i < n; i++)
    size = size << 8 | self->header[2 + i];
  return size;
}

static AlcoveFrameVerdict
take_token (AlcoveFrameMeter *self,
            gint64 now)
{
  if (self->rate <= 0)
    return ALCOVE_FRAME_OK;

  if (now > self->last)
    {
      self->tokens += (now - self->last) * self->rate / G_USEC_PER_SEC;
      self->tokens = MIN (self->tokens, self->burst);
      self->last = now;
    }
  if (self->tokens < 1)
    return ALCOVE_FRAME_TOO_FAST;

  self->tokens -= 1;
  return ALCOVE_FRAME_OK;
}

static AlcoveFrameVerdict
begin_frame (AlcoveFrameMeter *self,
             gint64 now)
{
  AlcoveFrameVerdict verdict = take_token (self, now);
  guint64 size = payload_size (self);

  if (verdict != ALCOVE_FRAME_OK)
    return verdict;

  /* libsoup ends the connection on a control frame over 125 bytes, but only
   * once it has it all */
  if (self->max_message > 0 && size > self->max_message)
    return ALCOVE_FRAME_TOO_LARGE;

  self->payload_left = size;
  self->in_data = (self->header[0] & OPCODE_CONTROL) == 0;
  if (self->in_data)
    {
      if (self->max_message > 0 && size > self->max_message - self->message_length)
        return ALCOVE_FRAME_TOO_LARGE;

      self->message_length += size;
      if (self->header[0] & FIN)
        self->message_length = 0;
    }

  return ALCOVE_FRAME_OK;
}

/**
 * alcove_frame_meter_init:
 * @self: a meter
 * @max_message: the most bytes of one message, or 0 for no bound
 * @rate: frames of any kind in a second, sustained, or 0 for no bound
 * @burst: how many may come at once
 * @now: the monotonic time in microseconds
 */
void
alcove_frame_meter_init (AlcoveFrameMeter *self,
                         guint64 max_message,
                         guint rate,
                         guint burst,
                         gint64 now)
{
  *self = (AlcoveFrameMeter) {
    .max_message = max_message,
    .rate = rate,
    .burst = burst,
    .tokens = burst,
    .last = now,
  };
}

/**
 * alcove_frame_meter_feed:
 * @self: a meter
 * @bytes: what went over the line
 * @length: how much of it
 * @now: the monotonic time in microseconds
 * @n_good: (out): how many of the bytes came before the bound was broken
 *
 * Follows the next bytes. The first verdict other than %ALCOVE_FRAME_OK is final.
 *
 * Returns: the verdict
 */
AlcoveFrameVerdict
alcove_frame_meter_feed (AlcoveFrameMeter *self,
                         const guint8 *bytes,
                         gsize length,
                         gint64 now,
                         gsize *n_good)
{
  gsize at = 0;

  *n_good = 0;

  while (self->verdict == ALCOVE_FRAME_OK && at < length)
    {
      if (self->payload_left > 0)
        {
          gsize n = MIN (self->payload_left, length - at);

          self->payload_left -= n;
          if (self->in_data)
            self->data_bytes += n;
          at += n;
        }
      else
        {
          self->header[self->header_length++] = bytes[at++];
          if (self->header_length == header_size (self))
            {
              self->verdict = begin_frame (self, now);
              self->header_length = 0;
            }
        }

      if (self->verdict == ALCOVE_FRAME_OK)
        *n_good = at;
    }

  return self->verdict;
}

/**
 * alcove_frame_meter_get_data_bytes:
 * @self: a meter
 *
 * Returns: how many bytes of messages went by, without headers and control frames
 */
guint64
alcove_frame_meter_get_data_bytes (const AlcoveFrameMeter *self)
{
  return self->data_bytes;
}
