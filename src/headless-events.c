/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless-events"

#include "config.h"

#include "headless-events.h"

#include <stdio.h>

#include <json-glib/json-glib.h>

#include "alcove-error.h"
#include "alcove-json.h"
#include "alcove-link-stats-json.h"

/*
 * Events for scripts: one JSON object a line on standard output, each with its name in `event`
 * and the milliseconds since the start in `t`.
 */

#define STATS_INTERVAL_SECONDS 2

struct _HeadlessEvents {
  AlcoveRoom *room;
  GCancellable *cancellable;
  gint64 start;
  guint stats_source;
};

static JsonBuilder *
event_begin (HeadlessEvents *self,
             const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, event);
  json_builder_set_member_name (builder, "t");
  json_builder_add_int_value (builder, (g_get_monotonic_time () - self->start) / 1000);

  return builder;
}

static void
event_add_string (JsonBuilder *builder,
                  const char *member,
                  const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
event_add_int (JsonBuilder *builder,
               const char *member,
               gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

static void
event_end (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = alcove_json_to_text (root);
  g_object_unref (builder);

  puts (text);
  fflush (stdout);
}

static const char *
room_state_to_text (AlcoveRoomState state)
{
  switch (state)
    {
    case ALCOVE_ROOM_IDLE:
      return "idle";
    case ALCOVE_ROOM_JOINING:
      return "connecting";
    case ALCOVE_ROOM_JOINED:
      return "connected";
    case ALCOVE_ROOM_RECONNECTING:
      return "reconnecting";
    case ALCOVE_ROOM_LEAVING:
      return "leaving";
    case ALCOVE_ROOM_LEFT:
      return "closed";
    default:
      return "unknown";
    }
}

static void
on_room_state (AlcoveRoom *room,
               GParamSpec *pspec,
               HeadlessEvents *self)
{
  AlcoveRoomState state = alcove_room_get_state (room);
  JsonBuilder *builder = event_begin (self, "signalling");

  event_add_string (builder, "state", room_state_to_text (state));
  event_end (builder);

  if (state == ALCOVE_ROOM_JOINED)
    {
      builder = event_begin (self, "joined");
      event_add_string (builder, "self", alcove_room_get_self_id (room));
      event_end (builder);
    }
}

static void
on_room_problem (AlcoveRoom *room,
                 const GError *error,
                 AlcoveParticipant *participant,
                 HeadlessEvents *self)
{
  headless_events_print_error (self, error, participant);
}

static void
on_room_chat (AlcoveRoom *room,
              AlcoveParticipant *participant,
              const char *text,
              HeadlessEvents *self)
{
  JsonBuilder *builder = event_begin (self, "chat");

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "name", alcove_participant_get_name (participant));
  event_add_string (builder, "text", text);
  event_end (builder);
}

static void
on_participant_event (AlcoveRoom *room,
                      AlcoveParticipant *participant,
                      const char *event,
                      HeadlessEvents *self)
{
  JsonBuilder *builder = event_begin (self, event);

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "name", alcove_participant_get_name (participant));
  if (g_str_equal (event, "peer-joined"))
    {
      json_builder_set_member_name (builder, "offers");
      json_builder_add_boolean_value (builder, alcove_participant_get_we_offer (participant));
    }
  event_end (builder);
}

static void
on_moved (AlcoveRoom *room,
          AlcoveParticipant *participant,
          const char *from,
          HeadlessEvents *self)
{
  JsonBuilder *builder = event_begin (self, "moved");

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "name", alcove_participant_get_name (participant));
  event_add_string (builder, "from", from);
  event_end (builder);
}

static void
on_first_frame (AlcoveRoom *room,
                AlcoveParticipant *participant,
                int width,
                int height,
                HeadlessEvents *self)
{
  JsonBuilder *builder = event_begin (self, "first-frame");

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_int (builder, "width", width);
  event_add_int (builder, "height", height);
  event_end (builder);
}

static void
on_room_failed (AlcoveRoom *room,
                const GError *error,
                HeadlessEvents *self)
{
  headless_events_print_error (self, error, NULL);
}

typedef struct {
  HeadlessEvents *events;
  AlcoveParticipant *participant;
} StatsCall;

static void
on_stats (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autofree StatsCall *call = user_data;
  g_autoptr (AlcoveParticipant) participant = g_steal_pointer (&call->participant);
  g_autoptr (GError) error = NULL;
  AlcoveLinkStats stats;
  JsonBuilder *builder;

  /* Cancelled when the program ends: then @call->events is gone already. */
  if (!alcove_peer_link_sample_finish (ALCOVE_PEER_LINK (source), result, &stats, &error))
    return;

  builder = event_begin (call->events, "stats");
  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "name", alcove_participant_get_name (participant));
  alcove_link_stats_add_json (&stats, builder);
  json_builder_set_member_name (builder, "muted");
  json_builder_add_boolean_value (builder, alcove_participant_get_muted (participant));
  json_builder_set_member_name (builder, "camera_off");
  json_builder_add_boolean_value (builder, alcove_participant_get_camera_off (participant));
  json_builder_set_member_name (builder, "sharing");
  json_builder_add_boolean_value (builder, alcove_participant_get_sharing (participant));
  json_builder_set_member_name (builder, "recording");
  json_builder_add_boolean_value (builder, alcove_participant_get_recording (participant));
  json_builder_set_member_name (builder, "data_only");
  json_builder_add_boolean_value (builder, alcove_participant_get_data_only (participant));
  event_end (builder);
}

static gboolean
on_stats_timeout (gpointer user_data)
{
  HeadlessEvents *self = user_data;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->room));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AlcoveParticipant) participant
          = g_list_model_get_item (G_LIST_MODEL (self->room), i);
      AlcovePeerLink *link = alcove_participant_get_link (participant);
      StatsCall *call;

      if (link == NULL)
        continue;

      call = g_new0 (StatsCall, 1);
      call->events = self;
      call->participant = g_steal_pointer (&participant);
      alcove_peer_link_sample_async (link, self->cancellable, on_stats, call);
    }

  return G_SOURCE_CONTINUE;
}

/**
 * headless_events_new:
 * @room: the room
 * @start: since when the milliseconds of the events count, in microseconds of the monotonic clock
 *
 * Prints from now on what happens in the room, and every two seconds how it goes with each
 * participant.
 *
 * Returns: (transfer full): free with headless_events_free()
 */
HeadlessEvents *
headless_events_new (AlcoveRoom *room,
                     gint64 start)
{
  HeadlessEvents *self = g_new0 (HeadlessEvents, 1);

  self->room = g_object_ref (room);
  self->start = start;
  self->cancellable = g_cancellable_new ();
  g_signal_connect (room, "notify::state", G_CALLBACK (on_room_state), self);
  g_signal_connect (room, "failed", G_CALLBACK (on_room_failed), self);
  g_signal_connect (room, "problem", G_CALLBACK (on_room_problem), self);
  g_signal_connect (room, "chat", G_CALLBACK (on_room_chat), self);
  g_signal_connect (room, "participant-event", G_CALLBACK (on_participant_event), self);
  g_signal_connect (room, "moved", G_CALLBACK (on_moved), self);
  g_signal_connect (room, "first-frame", G_CALLBACK (on_first_frame), self);
  self->stats_source = g_timeout_add_seconds (STATS_INTERVAL_SECONDS, on_stats_timeout, self);
  return self;
}

/**
 * headless_events_free:
 * @self: the events
 *
 * Nothing is printed from now on.
 */
void
headless_events_free (HeadlessEvents *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->stats_source, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->room, self);
  g_object_unref (self->cancellable);
  g_object_unref (self->room);
  g_free (self);
}

/**
 * headless_events_print_error:
 * @self: the events
 * @error: what went wrong
 * @participant: (nullable): with whom
 */
void
headless_events_print_error (HeadlessEvents *self,
             const GError *error,
             AlcoveParticipant *participant)
{
  JsonBuilder *builder = event_begin (self, "error");

  event_add_string (builder, "code", alcove_error_get_code (error));
  event_add_string (builder, "message", error->message);
  if (participant != NULL)
    event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_end (builder);
}

/**
 * headless_events_print_error_over:
 * @self: the events
 * @error: what was printed by headless_events_print_error() and holds no longer
 */
void
headless_events_print_error_over (HeadlessEvents *self,
                                  const GError *error)
{
  JsonBuilder *builder = event_begin (self, "error-over");

  event_add_string (builder, "code", alcove_error_get_code (error));
  event_add_string (builder, "message", error->message);
  event_end (builder);
}

/**
 * headless_events_print_recording:
 * @self: the events
 * @participant: who is or was recorded
 * @state: `started` or `ended`
 * @files: (array zero-terminated=1): their names: the one that it begins in, or all that there are
 */
void
headless_events_print_recording (HeadlessEvents *self,
                                 AlcoveParticipant *participant,
                                 const char *state,
                                 const char *const *files)
{
  JsonBuilder *builder = event_begin (self, "recording");

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "state", state);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (gsize i = 0; files[i] != NULL; i++)
    {
      /* a name need not be text, JSON is */
      g_autofree char *shown = g_filename_display_name (files[i]);

      json_builder_add_string_value (builder, shown);
    }
  json_builder_end_array (builder);
  event_end (builder);
}

/**
 * headless_events_print_left:
 * @self: the events
 *
 * Prints the last one.
 */
void
headless_events_print_left (HeadlessEvents *self)
{
  event_end (event_begin (self, "left"));
}
