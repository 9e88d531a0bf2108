/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "room-dialect.h"

#include "alcove-json.h"
#include "alcove-socketio-codec.h"

/* A protocol on Socket.IO with a single room, for tests of what is below it:
 *
 *   ["enter"]      → ["entered", ID] to all
 *   ["say", TEXT]  → ["said", TEXT] to all
 *   ["flood", N]   → N times ["drop"] to the sender
 *   ["throw"]      → the server closes the sender
 *   the end        → ["gone", ID] to the others
 */

struct _RoomDialect {
  AlcoveDialect parent_instance;

  GPtrArray *members;
};

G_DEFINE_FINAL_TYPE (RoomDialect, room_dialect, ALCOVE_TYPE_DIALECT)

static void
tell_all (RoomDialect *self,
          const char *name,
          const char *argument)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), argument);
  g_autofree char *text = alcove_socketio_event_format (name, node);

  for (guint i = 0; i < self->members->len; i++)
    alcove_server_client_send_text (self->members->pdata[i], text);
}

static gboolean
room_dialect_matches (AlcoveDialect *dialect,
                      const char *path,
                      const char *first_message)
{
  return first_message != NULL && g_str_equal (first_message, "[\"enter\"]");
}

static void
room_dialect_opened (AlcoveDialect *dialect,
                     AlcoveServerClient *client,
                     const char *path)
{
}

static void
room_dialect_message (AlcoveDialect *dialect,
                      AlcoveServerClient *client,
                      const char *text)
{
  RoomDialect *self = ROOM_DIALECT (dialect);
  const char *name;
  g_autoptr (JsonArray) event = alcove_socketio_event_parse (text, &name, NULL);

  g_assert_nonnull (event);
  if (g_str_equal (name, "enter") && !g_ptr_array_find (self->members, client, NULL))
    {
      alcove_server_client_set_joined (client);
      g_ptr_array_add (self->members, client);
      tell_all (self, "entered", alcove_server_client_get_id (client));
    }
  else if (g_str_equal (name, "say"))
    tell_all (self, "said", json_array_get_string_element (event, 1));
  else if (g_str_equal (name, "throw"))
    alcove_server_client_close (client, ALCOVE_SERVER_CLOSE_POLICY, "thrown out");
  else if (g_str_equal (name, "flood"))
    for (gint64 i = json_array_get_int_element (event, 1); i > 0; i--)
      alcove_server_client_send_text (client, "[\"drop\"]");
}

static void
room_dialect_closed (AlcoveDialect *dialect,
                     AlcoveServerClient *client)
{
  RoomDialect *self = ROOM_DIALECT (dialect);

  if (g_ptr_array_remove (self->members, client))
    tell_all (self, "gone", alcove_server_client_get_id (client));
}

static void
room_dialect_finalize (GObject *object)
{
  g_ptr_array_unref (ROOM_DIALECT (object)->members);

  G_OBJECT_CLASS (room_dialect_parent_class)->finalize (object);
}

static void
room_dialect_class_init (RoomDialectClass *klass)
{
  AlcoveDialectClass *dialect_class = ALCOVE_DIALECT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = room_dialect_finalize;
  dialect_class->matches = room_dialect_matches;
  dialect_class->opened = room_dialect_opened;
  dialect_class->message = room_dialect_message;
  dialect_class->closed = room_dialect_closed;
  dialect_class->socketio = TRUE;
  dialect_class->acknowledgement = "null";
}

static void
room_dialect_init (RoomDialect *self)
{
  self->members = g_ptr_array_new ();
}

AlcoveDialect *
room_dialect_new (void)
{
  return g_object_new (ROOM_TYPE_DIALECT, NULL);
}

guint
room_dialect_get_n_members (RoomDialect *self)
{
  return self->members->len;
}
