/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless"

#include "config.h"

#include "headless-event.h"

#include <stdio.h>

#include "alcove-json.h"

/*
 * JSON Lines: one event a line, begun with its name and its time, and printed where it ends.
 */

JsonBuilder *
headless_event_begin (gint64 start,
                      const char *event)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  headless_event_add_string (builder, "event", event);
  headless_event_add_int (builder, "t", (g_get_monotonic_time () - start) / 1000);
  return builder;
}

/* About somebody, by the id of the moment. */
JsonBuilder *
headless_event_begin_about (gint64 start,
                            const char *event,
                            AlcoveParticipant *participant)
{
  JsonBuilder *builder = headless_event_begin (start, event);

  headless_event_add_string (builder, "peer", alcove_participant_get_id (participant));
  headless_event_add_string (builder, "name", alcove_participant_get_name (participant));
  return builder;
}

void
headless_event_add_string (JsonBuilder *builder,
                           const char *member,
                           const char *value)
{
  json_builder_set_member_name (builder, member);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
headless_event_add_int (JsonBuilder *builder,
                        const char *member,
                        gint64 value)
{
  json_builder_set_member_name (builder, member);
  json_builder_add_int_value (builder, value);
}

/* A figure that is not known is null, never a number that looks like one. */
void
headless_event_add_figure (JsonBuilder *builder,
                           const char *member,
                           double value,
                           gboolean known)
{
  json_builder_set_member_name (builder, member);
  if (known)
    json_builder_add_double_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
headless_event_end (JsonBuilder *builder)
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
