/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-recorder"

#include "config.h"

#include "alcove-recorder-track.h"

#include <gst/app/gstappsrc.h>

#define MAX_QUEUE (10 * GST_SECOND)

/* Sound that is late is laid closer by this part of its length until it is in time again. That is
 * a unit of the file for a packet of 20 ms: rounding makes overlaps of that size in any case, and
 * players don't hear them. */
#define CATCH_UP 20

/* RFC 6716, 3.2.5 */
#define LONGEST_PACKET (120 * GST_MSECOND)

/**
 * alcove_recorder_track_init:
 * @self: a track
 * @is_sound: whether Opus is pushed to it, and not pictures
 *
 * Makes it one that its file does not have.
 */
void
alcove_recorder_track_init (AlcoveRecorderTrack *self,
                            gboolean is_sound)
{
  *self = (AlcoveRecorderTrack){
    .is_sound = is_sound,
    .last = GST_CLOCK_TIME_NONE,
    .next = GST_CLOCK_TIME_NONE,
  };
}

/**
 * alcove_recorder_track_clear:
 * @self: a track
 *
 * Lets go of its source.
 */
void
alcove_recorder_track_clear (AlcoveRecorderTrack *self)
{
  gst_clear_object (&self->source);
}

/**
 * alcove_recorder_track_attach:
 * @self: a track
 * @source: (transfer full) (nullable): the appsrc of it, or %NULL if the file does without
 */
void
alcove_recorder_track_attach (AlcoveRecorderTrack *self,
                              GstElement *source)
{
  self->source = source;
  if (source != NULL)
    g_object_set (source, "max-time", (guint64) MAX_QUEUE, NULL);
}

/**
 * alcove_recorder_track_is_open:
 * @self: a track
 *
 * Returns: whether anything can be pushed to it
 */
gboolean
alcove_recorder_track_is_open (const AlcoveRecorderTrack *self)
{
  return self->source != NULL && !self->ended;
}

/**
 * alcove_recorder_track_end:
 * @self: a track
 *
 * The file goes on, or ends, without it.
 */
void
alcove_recorder_track_end (AlcoveRecorderTrack *self)
{
  if (alcove_recorder_track_is_open (self))
    gst_app_src_end_of_stream (GST_APP_SRC (self->source));
  self->ended = TRUE;
}

/**
 * alcove_recorder_track_place:
 * @self: a track
 * @time: running time of what has just come, as it was received
 * @duration: how long it is heard; 0 for a picture
 *
 * Lays what comes next on a track. It takes its own time wherever that is late enough: at least
 * %ALCOVE_RECORDER_TRACK_UNIT after the one before, and for sound, which would overlap, nearly
 * after all of it. There the lag shrinks with every packet; what would be later than
 * %ALCOVE_RECORDER_TRACK_MOST_LAG is squeezed, which is heard, but sound and picture do not part.
 *
 * Returns: the running time that it has in the file
 */
GstClockTime
alcove_recorder_track_place (AlcoveRecorderTrack *self,
                             GstClockTime time,
                             GstClockTime duration)
{
  if (GST_CLOCK_TIME_IS_VALID (self->last))
    {
      GstClockTime earliest = MIN (self->next, time + ALCOVE_RECORDER_TRACK_MOST_LAG);

      time = MAX (time, MAX (earliest, self->last + ALCOVE_RECORDER_TRACK_UNIT));
    }
  self->last = time;
  self->next = time + MAX (duration - duration / CATCH_UP, ALCOVE_RECORDER_TRACK_UNIT);

  return time;
}

/**
 * alcove_recorder_track_measure_packet:
 * @packet: of Opus, as a stranger sent it
 *
 * Returns: how long it is heard, or 0 if it says nothing that can be
 */
GstClockTime
alcove_recorder_track_measure_packet (GstBuffer *packet)
{
  static const guint silk[] = { 10000, 20000, 40000, 60000 };
  static const guint celt[] = { 2500, 5000, 10000, 20000 };
  guint8 head[2] = { 0 };
  gsize length = gst_buffer_extract (packet, 0, head, sizeof head);
  guint mode = head[0] >> 3; /* RFC 6716, 3.1 */
  guint frame;
  guint n;
  GstClockTime duration;

  if (length == 0)
    return 0;

  if (mode < 12)
    frame = silk[mode & 3];
  else if (mode < 16)
    frame = silk[mode & 1];
  else
    frame = celt[mode & 3];

  if ((head[0] & 3) == 3)
    n = head[1] & 0x3f;
  else
    n = (head[0] & 3) == 0 ? 1 : 2;
  duration = n * frame * GST_USECOND;

  return duration <= LONGEST_PACKET ? duration : 0;
}

/**
 * alcove_recorder_track_push:
 * @self: a track
 * @buffer: (transfer none): a picture or a packet
 * @time: its running time
 * @start: that of the file
 *
 * Writes it. Does nothing where the track is not open, nor where a track would begin before its
 * file.
 */
void
alcove_recorder_track_push (AlcoveRecorderTrack *self,
                            GstBuffer *buffer,
                            GstClockTime time,
                            GstClockTime start)
{
  GstBuffer *copy;

  if (!alcove_recorder_track_is_open (self) || !GST_CLOCK_TIME_IS_VALID (time)
      || (time < start && !GST_CLOCK_TIME_IS_VALID (self->last)))
    return;

  time = alcove_recorder_track_place (
      self, time, self->is_sound ? alcove_recorder_track_measure_packet (buffer) : 0);
  copy = gst_buffer_copy (buffer);
  GST_BUFFER_PTS (copy) = time - start;
  GST_BUFFER_DTS (copy) = GST_CLOCK_TIME_NONE;
  gst_app_src_push_buffer (GST_APP_SRC (self->source), copy);
}
