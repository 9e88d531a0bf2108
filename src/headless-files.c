/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless-files"

#include "config.h"

#include "headless-files.h"

#include <stdio.h>

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * Files for scripts: a `file` event for each step of each transfer, with `file`, its number,
 * and the commands `send-file` (path, and perhaps peer), `accept-file` (file, path),
 * `refuse-file` and `cancel-file` (file).
 */

#define MAX_PATH_LENGTH 4096

struct _HeadlessFiles {
  AlcoveRoom *room;
  GPtrArray *transfers;
  gint64 start;
};

static const char *
get_state_name (AlcoveTransfer *transfer)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (ALCOVE_TYPE_TRANSFER_STATE);

  return g_enum_get_value (states, (int) alcove_transfer_get_state (transfer))->value_nick;
}

static void
print (HeadlessFiles *self,
       AlcoveTransfer *transfer)
{
  AlcoveParticipant *participant = alcove_transfer_get_participant (transfer);
  const GError *problem = alcove_transfer_get_problem (transfer);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "event", "file");
  json_object_set_int_member (object, "t", (g_get_monotonic_time () - self->start) / 1000);
  json_object_set_string_member (object, "peer", alcove_participant_get_id (participant));
  json_object_set_int_member (object, "file", alcove_transfer_get_number (transfer));
  json_object_set_boolean_member (object, "incoming", alcove_transfer_get_incoming (transfer));
  json_object_set_string_member (object, "file_name", alcove_transfer_get_name (transfer));
  json_object_set_int_member (object, "size", (gint64) alcove_transfer_get_size (transfer));
  json_object_set_int_member (object, "done", (gint64) alcove_transfer_get_done (transfer));
  json_object_set_string_member (object, "state", get_state_name (transfer));
  if (problem != NULL)
    {
      json_object_set_string_member (object, "code", alcove_error_get_code (problem));
      json_object_set_string_member (object, "message", problem->message);
    }
  json_node_set_object (node, object);
  text = alcove_json_to_text (node);

  puts (text);
  fflush (stdout);
}

static void
changed_cb (HeadlessFiles *self,
            GParamSpec *pspec,
            AlcoveTransfer *transfer)
{
  print (self, transfer);
}

static void
file_cb (HeadlessFiles *self,
         AlcoveTransfer *transfer)
{
  g_ptr_array_add (self->transfers, g_object_ref (transfer));
  g_signal_connect_swapped (transfer, "notify::state", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (transfer, "notify::done", G_CALLBACK (changed_cb), self);
  print (self, transfer);
}

static AlcoveTransfer *
find (HeadlessFiles *self,
      JsonObject *object,
      GError **error)
{
  gint64 number = 0;

  if (!alcove_json_get_int (object, "file", 1, G_MAXUINT, &number, error))
    return NULL;

  for (guint i = 0; i < self->transfers->len; i++)
    if ((gint64) alcove_transfer_get_number (self->transfers->pdata[i]) == number)
      return self->transfers->pdata[i];

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE, _ ("There is no such file here."));
  return NULL;
}

static gboolean
send_file (HeadlessFiles *self,
           JsonObject *object,
           GError **error)
{
  AlcoveParticipant *to = NULL;
  g_autoptr (GFile) file = NULL;
  const char *path = NULL;
  const char *peer = NULL;

  if (!alcove_json_get_string (object, "path", MAX_PATH_LENGTH, &path, error))
    return FALSE;
  if (json_object_has_member (object, "peer"))
    {
      if (!alcove_json_get_string (object, "peer", 256, &peer, error))
        return FALSE;
      to = alcove_room_find (self->room, peer);
    }

  file = g_file_new_for_path (path);
  if ((peer == NULL || to != NULL) && alcove_room_send_file (self->room, file, to) > 0)
    return TRUE;

  g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                       _ ("Nobody here can take files yet."));
  return FALSE;
}

HeadlessFiles *
headless_files_new (AlcoveRoom *room,
                    gint64 start)
{
  HeadlessFiles *self = g_new0 (HeadlessFiles, 1);

  self->room = g_object_ref (room);
  self->start = start;
  self->transfers = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_swapped (room, "file", G_CALLBACK (file_cb), self);
  return self;
}

void
headless_files_free (HeadlessFiles *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->room, self);
  for (guint i = 0; i < self->transfers->len; i++)
    g_signal_handlers_disconnect_by_data (self->transfers->pdata[i], self);
  g_ptr_array_unref (self->transfers);
  g_object_unref (self->room);
  g_free (self);
}

gboolean
headless_files_has (const char *command)
{
  const char *const commands[]
      = { "send-file", "accept-file", "refuse-file", "cancel-file", NULL };

  return g_strv_contains (commands, command);
}

gboolean
headless_files_run (HeadlessFiles *self,
                    const char *command,
                    JsonObject *object,
                    GError **error)
{
  AlcoveTransfer *transfer;
  const char *path = NULL;

  if (g_str_equal (command, "send-file"))
    return send_file (self, object, error);

  transfer = find (self, object, error);
  if (transfer == NULL)
    return FALSE;

  if (g_str_equal (command, "accept-file"))
    {
      g_autoptr (GFile) target = NULL;

      if (!alcove_json_get_string (object, "path", MAX_PATH_LENGTH, &path, error))
        return FALSE;
      target = g_file_new_for_path (path);
      if (!alcove_transfer_accept (transfer, target))
        {
          g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FILE,
                               _ ("That file does not wait to be accepted."));
          return FALSE;
        }
    }
  else if (g_str_equal (command, "refuse-file"))
    alcove_transfer_refuse (transfer);
  else
    alcove_transfer_cancel (transfer);
  return TRUE;
}
