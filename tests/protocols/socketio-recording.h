/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-socketio-codec.h"
#include "recording.h"

static inline void
socketio_recording_add (GPtrArray *events,
                        const RecordedFrame *frame,
                        const char *packet)
{
  g_autoptr (AlcoveSocketioPacket) event = NULL;
  RecordedFrame *copy;

  if (*packet != '4')
    return;
  event = alcove_socketio_packet_decode (packet + 1, NULL);
  if (event == NULL || event->type != ALCOVE_SOCKETIO_EVENT || event->data == NULL)
    return;

  copy = g_new0 (RecordedFrame, 1);
  copy->connection = g_strdup (frame->connection);
  copy->from_client = frame->from_client;
  copy->frame = g_strdup (event->data);
  g_ptr_array_add (events, copy);
}

/* The events of a recorded run, as texts of JSON, in whatever way they travelled: what is
 * Engine.IO's and Socket.IO's own is in the tests of the transport. */
static inline GPtrArray *
socketio_recording_load (const char *protocol,
                         const char *name)
{
  g_autoptr (GPtrArray) frames = recording_load (protocol, name);
  GPtrArray *events = g_ptr_array_new_with_free_func (recorded_frame_free);

  for (guint i = 0; i < frames->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (frames, i);
      const char *body = g_str_has_prefix (frame->frame, "POST ") ? strchr (frame->frame, '\n')
                                                                  : NULL;

      if (body == NULL)
        {
          socketio_recording_add (events, frame, frame->frame);
          continue;
        }

      /* LENGTH:PACKET, as often as there is one */
      for (body++; *body != '\0';)
        {
          char *packet;
          guint64 length = g_ascii_strtoull (body, &packet, 10);
          g_autofree char *one = NULL;

          g_assert_true (*packet == ':');
          one = g_utf8_substring (packet + 1, 0, (glong) length);
          socketio_recording_add (events, frame, one);
          body = packet + 1 + strlen (one);
        }
    }

  return events;
}
