/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless-commands"

#include "config.h"

#include "headless-commands.h"

#include <string.h>

#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-json.h"

/*
 * Commands of scripts: one JSON object a line on standard input, with its name in `command`.
 * What can't be done is an `error` event.
 */

/* Longest command line, in bytes. */
#define COMMAND_MAX (64 * 1024)

/* What is read at a time, in bytes. */
#define PIECE 4096

struct _HeadlessCommands {
  AlcoveRoom *room;
  AlcoveEngine *engine;
  HeadlessEvents *events;
  HeadlessFiles *files;
  HeadlessRecordings *recordings;
  GInputStream *input;
  GCancellable *cancellable;
  GString *line; /* what has come of it; a byte more than the longest one at most */
  gboolean skipping; /* the rest of a line that was too long */
  gboolean has_sound;
};

/* What `--help` tells of them. */
static const struct {
  const char *name;
  const char *members; /* besides `command` */
  const char *meaning;
} help[] = {
  { "chat", "\"text\":TEXT", N_ ("say something to everybody") },
  { "mute", NULL, N_ ("send silence") },
  { "unmute", NULL, N_ ("send sound again") },
  { "share-screen", NULL, N_ ("show the screen in place of the camera") },
  { "stop-sharing", NULL, N_ ("show the camera again") },
  { "record", "\"peer\":ID,\"path\":FILE", N_ ("record somebody") },
  { "stop-recording", "\"peer\":ID", N_ ("end that recording") },
  { "send-file", "\"path\":FILE", N_ ("offer a file to everybody; with \"peer\":ID, to one") },
  { "accept-file", "\"file\":N,\"path\":FILE", N_ ("take a file that is offered, and put it there") },
  { "refuse-file", "\"file\":N", N_ ("do not take it") },
  { "cancel-file", "\"file\":N", N_ ("break off a file that is on its way") },
  { "call", "\"peer\":ID", N_ ("call somebody, where people are called") },
  { "call-everybody", NULL, N_ ("call all of them") },
  { "hang-up", "\"peer\":ID", N_ ("end the call with somebody") },
  { "dismiss", "\"peer\":ID", N_ ("send somebody out, as a dispatcher") },
  { "leave", NULL, N_ ("leave the room, and end") },
};

static gboolean
run_command (HeadlessCommands *self,
             JsonObject *object,
             GError **error)
{
  const char *command;
  const char *text;

  if (!alcove_json_get_string (object, "command", 32, &command, error))
    return FALSE;

  if (g_str_equal (command, "chat"))
    {
      if (!alcove_json_get_string (object, "text", ALCOVE_CHANNEL_MAX_TEXT, &text, error))
        return FALSE;
      if (!alcove_room_send_chat (self->room, text))
        {
          g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                               _ ("Nobody here can read chat yet."));
          return FALSE;
        }
    }
  else if (g_str_equal (command, "mute") || g_str_equal (command, "unmute"))
    {
      gboolean muted = g_str_equal (command, "mute");

      if (!muted && !self->has_sound)
        {
          g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_NO_MICROPHONE,
                               _ ("There is no sound to send."));
          return FALSE;
        }
      alcove_engine_set_muted (self->engine, muted);
      alcove_room_set_muted (self->room, muted);
    }
  else if (g_str_equal (command, "call-everybody"))
    alcove_room_call_everybody (self->room);
  else if (g_str_equal (command, "call") || g_str_equal (command, "hang-up")
           || g_str_equal (command, "dismiss"))
    {
      if (!alcove_json_get_string (object, "peer", 256, &text, error))
        return FALSE;
      (g_str_equal (command, "call")      ? alcove_room_call
       : g_str_equal (command, "dismiss") ? alcove_room_dismiss
                                          : alcove_room_hang_up) (self->room, text);
    }
  else if (headless_recordings_has (command))
    return headless_recordings_run (self->recordings, command, object, error);
  else if (g_str_equal (command, "share-screen"))
    alcove_screen_share_start (alcove_engine_get_screen_share (self->engine), FALSE);
  else if (g_str_equal (command, "stop-sharing"))
    alcove_screen_share_stop (alcove_engine_get_screen_share (self->engine));
  else if (headless_files_has (command))
    return headless_files_run (self->files, command, object, error);
  else if (g_str_equal (command, "leave"))
    alcove_room_leave (self->room);
  else
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED,
                   _ ("There is no command “%s”."), command);
      return FALSE;
    }

  return TRUE;
}

static void
on_sharing (AlcoveScreenShare *share,
            GParamSpec *pspec,
            HeadlessCommands *self)
{
  gboolean sharing = alcove_screen_share_get_sharing (share);

  alcove_room_set_sharing (self->room, sharing);
}

static void
run_line (HeadlessCommands *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node
      = alcove_json_parse (self->line->str, (gssize) self->line->len, COMMAND_MAX, &error);
  JsonObject *object = node != NULL ? alcove_json_node_get_object (node, &error) : NULL;

  g_string_truncate (self->line, 0);
  if (object == NULL || !run_command (self, object, &error))
    headless_events_print_error (self->events, error, NULL);
}

/* A line that is too long is answered before its end, which might never come. */
static void
take_piece (HeadlessCommands *self,
            const char *data,
            gsize size)
{
  while (size > 0)
    {
      const char *end = memchr (data, '\n', size);
      gsize length = end != NULL ? (gsize) (end - data) : size;
      gsize used = end != NULL ? length + 1 : length;
      gboolean too_long;

      if (!self->skipping)
        g_string_append_len (self->line, data,
                             (gssize) MIN (length, COMMAND_MAX + 1 - self->line->len));
      too_long = self->line->len > COMMAND_MAX;
      if (!self->skipping && (end != NULL || too_long))
        run_line (self);
      self->skipping = end == NULL && (self->skipping || too_long);
      data += used;
      size -= used;
    }
}

static void read_piece (HeadlessCommands *self);

static void
on_piece (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  HeadlessCommands *self;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) piece = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result,
                                                               &error);
  const char *data;
  gsize size;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  /* The end of the commands is no command to leave: a camera post is often
   * started with its standard input closed. */
  if (piece == NULL || g_bytes_get_size (piece) == 0)
    {
      if (self->line->len > 0)
        run_line (self);
      return;
    }

  data = g_bytes_get_data (piece, &size);
  take_piece (self, data, size);
  read_piece (self);
}

static void
read_piece (HeadlessCommands *self)
{
  g_input_stream_read_bytes_async (self->input, PIECE, G_PRIORITY_DEFAULT, self->cancellable,
                                   on_piece, self);
}

/**
 * headless_commands_new:
 * @room: the room
 * @engine: our own picture and sound
 * @has_sound: whether there is any sound to send
 * @events: where errors go; outlives the commands
 * @files: what does the commands about files; outlives the commands
 * @recordings: the same for recordings
 *
 * Does from now on what standard input says.
 *
 * Returns: (transfer full): free with headless_commands_free()
 */
HeadlessCommands *
headless_commands_new (AlcoveRoom *room,
                       AlcoveEngine *engine,
                       gboolean has_sound,
                       HeadlessEvents *events,
                       HeadlessFiles *files,
                       HeadlessRecordings *recordings)
{
  HeadlessCommands *self = g_new0 (HeadlessCommands, 1);

  self->room = g_object_ref (room);
  self->engine = g_object_ref (engine);
  self->has_sound = has_sound;
  self->events = events;
  self->files = files;
  self->recordings = recordings;
  self->cancellable = g_cancellable_new ();
  g_signal_connect (alcove_engine_get_screen_share (engine), "notify::sharing",
                    G_CALLBACK (on_sharing), self);
  self->input = g_unix_input_stream_new (0, FALSE);
  self->line = g_string_new (NULL);
  read_piece (self);
  return self;
}

/**
 * headless_commands_dup_help:
 *
 * Returns: (transfer full): which commands there are, for people
 */
char *
headless_commands_dup_help (void)
{
  g_autoptr (GString) text = g_string_new (
      _ ("Commands on standard input, one JSON object a line; in capitals is what you fill in:"));

  for (gsize i = 0; i < G_N_ELEMENTS (help); i++)
    g_string_append_printf (text, "\n  {\"command\":\"%s\"%s%s}\n      %s", help[i].name,
                            help[i].members != NULL ? "," : "",
                            help[i].members != NULL ? help[i].members : "", _ (help[i].meaning));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * headless_commands_free:
 * @self: the commands
 *
 * None is read from now on.
 */
void
headless_commands_free (HeadlessCommands *self)
{
  g_signal_handlers_disconnect_by_data (alcove_engine_get_screen_share (self->engine), self);
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_object_unref (self->input);
  g_string_free (self->line, TRUE);
  g_object_unref (self->engine);
  g_object_unref (self->room);
  g_free (self);
}
