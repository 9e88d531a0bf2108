/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless"

/*
 * alcove-headless: a participant without a window. It prints one JSON object a
 * line on standard output for each event and reads one a line for each command;
 * everything for people goes to standard error.
 */

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>

#include "alcove-engine.h"
#include "alcove-error.h"
#include "alcove-ice-server.h"
#include "alcove-json.h"
#include "alcove-link-stats-json.h"
#include "alcove-protocols.h"
#include "alcove-room.h"
#include "headless-files.h"

#define STATS_INTERVAL_SECONDS 2
/* Longest command line, in bytes. */
#define COMMAND_MAX (64 * 1024)
#define DURATION_MAX (366 * 24 * 3600)

enum {
  EXIT_LEFT = 0,
  EXIT_LOST = 1,
  EXIT_USAGE = 2,
};

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  AlcoveEngine *engine;
  AlcoveTrust *trust;
  AlcoveRoom *room;
  HeadlessFiles *files;
  GDataInputStream *commands;
  gint64 start;
  guint stats_source;
  guint duration_source;
  guint interrupt_source;
  guint terminate_source;
  int status;
} Headless;

typedef struct {
  char *protocol;
  char *server;
  char *room;
  char *name;
  char *role;
  char *video;
  char *audio;
  char *size;
  char *record;
  char *stun;
  char *turn;
  char **accept_certificates;
  int fps;
  int duration;
  gboolean no_receive;
  gboolean relay_only;
  gboolean version;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->protocol);
  g_free (options->server);
  g_free (options->room);
  g_free (options->name);
  g_free (options->role);
  g_free (options->video);
  g_free (options->audio);
  g_free (options->size);
  g_free (options->record);
  g_free (options->stun);
  g_free (options->turn);
  g_strfreev (options->accept_certificates);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Events */

static JsonBuilder *
event_begin (Headless *self,
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

static void
print_error (Headless *self,
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

/* Whoever runs this may look at the certificate elsewhere, and accept it by its fingerprint. */
static void
print_certificate (Headless *self,
                   const GError *error)
{
  AlcoveTrustEntry *refused = alcove_trust_get_refused (self->trust);
  g_autofree char *place = NULL;

  if (refused == NULL || !g_error_matches (error, ALCOVE_ERROR, ALCOVE_ERROR_TLS))
    return;

  place = alcove_trust_entry_dup_place (refused);
  g_printerr (_ ("alcove-headless: the certificate of %s has the fingerprint %s\n"), place,
              alcove_trust_entry_get_fingerprint (refused));
}

static void
quit (Headless *self,
      int status)
{
  self->status = status;
  g_main_loop_quit (self->loop);
}

/* The room's signals */

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
               Headless *self)
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
on_room_failed (AlcoveRoom *room,
                const GError *error,
                Headless *self)
{
  print_error (self, error, NULL);
  print_certificate (self, error);
  quit (self, EXIT_LOST);
}

static void
on_room_problem (AlcoveRoom *room,
                 const GError *error,
                 AlcoveParticipant *participant,
                 Headless *self)
{
  print_error (self, error, participant);
}

static void
on_room_chat (AlcoveRoom *room,
              AlcoveParticipant *participant,
              const char *text,
              Headless *self)
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
                      Headless *self)
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
on_first_frame (AlcoveRoom *room,
                AlcoveParticipant *participant,
                int width,
                int height,
                Headless *self)
{
  JsonBuilder *builder = event_begin (self, "first-frame");

  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_int (builder, "width", width);
  event_add_int (builder, "height", height);
  event_end (builder);
}

static void
on_room_left (AlcoveRoom *room,
              Headless *self)
{
  event_end (event_begin (self, "left"));
  quit (self, EXIT_LEFT);
}

static void
on_engine_notice (AlcoveEngine *engine,
                  const GError *error,
                  Headless *self)
{
  print_error (self, error, NULL);
}

/* Statistics */

typedef struct {
  Headless *headless;
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

  /* Cancelled when the program ends: then @call->headless is gone already. */
  if (!alcove_peer_link_sample_finish (ALCOVE_PEER_LINK (source), result, &stats, &error))
    return;

  builder = event_begin (call->headless, "stats");
  event_add_string (builder, "peer", alcove_participant_get_id (participant));
  event_add_string (builder, "name", alcove_participant_get_name (participant));
  alcove_link_stats_add_json (&stats, builder);
  json_builder_set_member_name (builder, "muted");
  json_builder_add_boolean_value (builder, alcove_participant_get_muted (participant));
  json_builder_set_member_name (builder, "camera_off");
  json_builder_add_boolean_value (builder, alcove_participant_get_camera_off (participant));
  json_builder_set_member_name (builder, "data_only");
  json_builder_add_boolean_value (builder, alcove_participant_get_data_only (participant));
  event_end (builder);
}

static gboolean
on_stats_timeout (gpointer user_data)
{
  Headless *self = user_data;
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
      call->headless = self;
      call->participant = g_steal_pointer (&participant);
      alcove_peer_link_sample_async (link, self->cancellable, on_stats, call);
    }

  return G_SOURCE_CONTINUE;
}

/* Commands */

static gboolean
run_command (Headless *self,
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

      alcove_engine_set_muted (self->engine, muted);
      alcove_room_set_muted (self->room, muted);
    }
  else if (g_str_equal (command, "call") || g_str_equal (command, "hang-up")
           || g_str_equal (command, "dismiss"))
    {
      if (!alcove_json_get_string (object, "peer", 256, &text, error))
        return FALSE;
      (g_str_equal (command, "call")      ? alcove_room_call
       : g_str_equal (command, "dismiss") ? alcove_room_dismiss
                                          : alcove_room_hang_up) (self->room, text);
    }
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

static void read_command (Headless *self);

static void
on_command (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  Headless *self;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *line = NULL;
  JsonObject *object;
  gsize length;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, &length,
                                               &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = user_data;
  /* The end of the commands is no command to leave: a camera post is often
   * started with its standard input closed. */
  if (line == NULL)
    return;

  g_clear_error (&error);
  node = alcove_json_parse (line, (gssize) length, COMMAND_MAX, &error);
  object = node != NULL ? alcove_json_node_get_object (node, &error) : NULL;
  if (object == NULL || !run_command (self, object, &error))
    print_error (self, error, NULL);

  read_command (self);
}

static void
read_command (Headless *self)
{
  g_data_input_stream_read_line_async (self->commands, G_PRIORITY_DEFAULT, self->cancellable,
                                       on_command, self);
}

static gboolean
on_terminate (gpointer user_data)
{
  Headless *self = user_data;

  alcove_room_leave (self->room);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_duration (gpointer user_data)
{
  Headless *self = user_data;

  self->duration_source = 0;
  alcove_room_leave (self->room);
  return G_SOURCE_REMOVE;
}

/* Options */

static gboolean
parse_size (const char *text,
            int *width,
            int *height)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 3);
  guint64 w;
  guint64 h;

  if (g_strv_length (parts) != 2 || !g_ascii_string_to_unsigned (parts[0], 10, 16, 4096, &w, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 16, 4096, &h, NULL) || w % 2 != 0
      || h % 2 != 0)
    return FALSE;

  *width = (int) w;
  *height = (int) h;
  return TRUE;
}

static gboolean
check_options (const Options *options,
               AlcoveEngineOptions *engine_options,
               AlcoveRole *role,
               GError **error)
{
  const char *missing = options->server == NULL                                   ? "--server"
                        : options->room == NULL || options->room[0] == '\0'       ? "--room"
                        : options->name == NULL || options->name[0] == '\0'       ? "--name"
                                                                                  : NULL;

  if (missing != NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("%s is needed."), missing);
      return FALSE;
    }

  if (options->role == NULL || g_str_equal (options->role, "member"))
    *role = ALCOVE_ROLE_MEMBER;
  else if (g_str_equal (options->role, "dispatcher"))
    *role = ALCOVE_ROLE_DISPATCHER;
  else
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("There is no role “%s”. Use member or dispatcher."), options->role);
      return FALSE;
    }

  if (options->size != NULL
      && !parse_size (options->size, &engine_options->width, &engine_options->height))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no picture size. Use even numbers, such as 640x360."),
                   options->size);
      return FALSE;
    }

  if (options->fps < 1 || options->fps > 60)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("The frame rate must be from 1 to 60."));
      return FALSE;
    }

  if (options->duration < 0 || options->duration > DURATION_MAX)
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                           _ ("The duration must be a number of seconds, at most a year."));
      return FALSE;
    }

  if (!alcove_ice_servers_check (options->stun, options->turn, options->relay_only, error))
    return FALSE;

  engine_options->video = options->video != NULL ? options->video : "none";
  engine_options->audio = options->audio != NULL ? options->audio : "none";
  engine_options->playout = "none";
  engine_options->fps = options->fps;
  engine_options->receive = !options->no_receive;
  engine_options->record_directory = options->record;
  engine_options->stun = options->stun;
  engine_options->turn = options->turn;
  engine_options->relay_only = options->relay_only;
  return TRUE;
}

static gboolean
parse_options (int *argc,
               char ***argv,
               Options *options,
               GError **error)
{
  const GOptionEntry entries[] = {
    { "protocol", 0, 0, G_OPTION_ARG_STRING, &options->protocol,
      N_ ("Signalling protocol: skyrtc, webrtcroom, rtcmesh, rtcsignal or dispatch"), N_ ("ID") },
    { "server", 0, 0, G_OPTION_ARG_STRING, &options->server, N_ ("Address of the server"),
      N_ ("URL") },
    { "room", 0, 0, G_OPTION_ARG_STRING, &options->room, N_ ("Name of the room"), N_ ("NAME") },
    { "name", 0, 0, G_OPTION_ARG_STRING, &options->name, N_ ("Your own name"), N_ ("NAME") },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, N_ ("Role: member or dispatcher"),
      N_ ("ROLE") },
    { "video", 0, 0, G_OPTION_ARG_STRING, &options->video,
      N_ ("Picture to send: none, test, camera or file:PATH"), N_ ("SOURCE") },
    { "audio", 0, 0, G_OPTION_ARG_STRING, &options->audio,
      N_ ("Sound to send: none, test, mic or file:PATH"), N_ ("SOURCE") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_ ("Size of the picture to send"),
      N_ ("WIDTHxHEIGHT") },
    { "fps", 0, 0, G_OPTION_ARG_INT, &options->fps, N_ ("Frames a second to send"), N_ ("N") },
    { "no-receive", 0, 0, G_OPTION_ARG_NONE, &options->no_receive,
      N_ ("Do not decode what others send"), NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &options->record,
      N_ ("Record every participant in this folder"), N_ ("FOLDER") },
    { "duration", 0, 0, G_OPTION_ARG_INT, &options->duration, N_ ("Leave after so many seconds"),
      N_ ("SECONDS") },
    { "stun", 0, 0, G_OPTION_ARG_STRING, &options->stun, N_ ("STUN server"), N_ ("URL") },
    { "turn", 0, 0, G_OPTION_ARG_STRING, &options->turn, N_ ("TURN server"), N_ ("URL") },
    { "relay-only", 0, 0, G_OPTION_ARG_NONE, &options->relay_only,
      N_ ("Connect through the TURN server alone"), NULL },
    { "accept-certificate", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->accept_certificates,
      N_ ("Accept a server’s certificate with this SHA-256 fingerprint"), N_ ("FINGERPRINT") },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, N_ ("Print the version"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("Takes part in an Alcove room without a window."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, _ ("“%s” was not expected."),
                   (*argv)[1]);
      return FALSE;
    }

  return TRUE;
}

/* The program */

static gboolean
headless_start (Headless *self,
                const Options *options,
                const AlcoveEngineOptions *engine_options,
                AlcoveRole role,
                GError **error)
{
  g_autoptr (AlcoveSignaller) signaller = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (0, FALSE);

  signaller = alcove_protocols_new_signaller (
      options->protocol != NULL ? options->protocol : "skyrtc", options->server, error);
  if (signaller == NULL)
    return FALSE;

  self->trust = alcove_trust_new ();
  for (guint i = 0; options->accept_certificates != NULL && options->accept_certificates[i] != NULL;
       i++)
    if (!alcove_trust_add_fingerprint (self->trust, options->accept_certificates[i], error))
      return FALSE;
  alcove_signaller_set_trust (signaller, self->trust);

  self->engine = alcove_engine_new (engine_options, error);
  if (self->engine == NULL)
    return FALSE;

  self->room = alcove_room_new (signaller, ALCOVE_PEER_LINK_FACTORY (self->engine), options->room,
                                options->name, role);
  g_object_set (self->room, "expect-frames", engine_options->receive, NULL);
  alcove_room_set_camera_off (self->room, g_str_equal (engine_options->video, "none"));
  alcove_room_set_muted (self->room, g_str_equal (engine_options->audio, "none"));

  g_signal_connect (self->engine, "notice", G_CALLBACK (on_engine_notice), self);
  g_signal_connect (self->room, "notify::state", G_CALLBACK (on_room_state), self);
  g_signal_connect (self->room, "failed", G_CALLBACK (on_room_failed), self);
  g_signal_connect (self->room, "problem", G_CALLBACK (on_room_problem), self);
  g_signal_connect (self->room, "chat", G_CALLBACK (on_room_chat), self);
  g_signal_connect (self->room, "participant-event", G_CALLBACK (on_participant_event), self);
  g_signal_connect (self->room, "first-frame", G_CALLBACK (on_first_frame), self);
  g_signal_connect (self->room, "left", G_CALLBACK (on_room_left), self);
  self->files = headless_files_new (self->room, self->start);

  self->interrupt_source = g_unix_signal_add (SIGINT, on_terminate, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, on_terminate, self);
  self->stats_source = g_timeout_add_seconds (STATS_INTERVAL_SECONDS, on_stats_timeout, self);
  if (options->duration > 0)
    self->duration_source
        = g_timeout_add_seconds ((guint) options->duration, on_duration, self);

  self->commands = g_data_input_stream_new (input);
  read_command (self);

  alcove_engine_start (self->engine);
  alcove_room_join (self->room);
  return TRUE;
}

static void
headless_clear (Headless *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->stats_source, g_source_remove);
  g_clear_handle_id (&self->duration_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);

  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      alcove_engine_stop (self->engine);
    }

  g_clear_pointer (&self->files, headless_files_free);
  g_clear_object (&self->room);
  g_clear_object (&self->engine);
  g_clear_object (&self->trust);
  g_clear_object (&self->commands);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->loop, g_main_loop_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Headless, headless_clear)

int
main (int argc,
      char **argv)
{
  g_auto (Options) options = { .fps = 30 };
  AlcoveEngineOptions engine_options = ALCOVE_ENGINE_OPTIONS_INIT;
  g_auto (Headless) self = { .start = g_get_monotonic_time (), .status = EXIT_LOST };
  g_autoptr (GError) error = NULL;
  AlcoveRole role;

  /* Services are started without a locale, which would refuse any name that is not ASCII. */
  if (g_strcmp0 (setlocale (LC_ALL, ""), "C") == 0)
    setlocale (LC_CTYPE, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  /* Standard output carries events alone. */
  g_log_writer_default_set_use_stderr (TRUE);

  if (!parse_options (&argc, &argv, &options, &error))
    {
      g_printerr ("alcove-headless: %s\n", error->message);
      return EXIT_USAGE;
    }

  if (options.version)
    {
      g_print ("Alcove %s\n", ALCOVE_VERSION);
      return EXIT_LEFT;
    }

  if (!check_options (&options, &engine_options, &role, &error))
    {
      g_printerr ("alcove-headless: %s\n", error->message);
      return EXIT_USAGE;
    }

  if (!gst_init_check (&argc, &argv, &error))
    {
      g_printerr ("alcove-headless: %s\n", error->message);
      return EXIT_LOST;
    }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();

  if (!headless_start (&self, &options, &engine_options, role, &error))
    {
      /* What can be wrong before anything is tried is what was typed: no event, as nothing
       * has happened yet. */
      g_printerr ("alcove-headless: %s\n", error->message);
      return EXIT_USAGE;
    }

  g_main_loop_run (self.loop);
  return self.status;
}
