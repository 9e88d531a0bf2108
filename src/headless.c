/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-headless"

/*
 * alcove-headless: a participant without a window. It prints one JSON object a
 * line on standard output for each event and reads one a line for each command;
 * everything for people goes to standard error.
 */

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <gst/gst.h>

#include "alcove-capture-spec.h"
#include "alcove-engine.h"
#include "alcove-error.h"
#include "alcove-ice-server.h"
#include "alcove-locale.h"
#include "alcove-protocols.h"
#include "alcove-room.h"
#include "headless-commands.h"
#include "headless-events.h"
#include "headless-files.h"
#include "headless-recordings.h"

#define DURATION_MAX (366 * 24 * 3600)

enum {
  EXIT_LEFT = 0,
  EXIT_LOST = 1,
  EXIT_USAGE = 2,
};

typedef struct {
  GMainLoop *loop;
  AlcoveEngine *engine;
  AlcoveTrust *trust;
  AlcoveRoom *room;
  HeadlessEvents *events;
  HeadlessFiles *files;
  HeadlessRecordings *recordings;
  HeadlessCommands *commands;
  gint64 start;
  guint duration_source;
  guint interrupt_source;
  guint terminate_source;
  gboolean no_video;
  gboolean over;
  int status;
} Headless;

typedef struct {
  char *protocol;
  char *server;
  char *room;
  char *name;
  char *id;
  char *role;
  char *video;
  char *audio;
  char *size;
  char *video_codec;
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
  g_free (options->id);
  g_free (options->role);
  g_free (options->video);
  g_free (options->audio);
  g_free (options->size);
  g_free (options->video_codec);
  g_free (options->record);
  g_free (options->stun);
  g_free (options->turn);
  g_strfreev (options->accept_certificates);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

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
on_closed (gpointer user_data)
{
  Headless *self = user_data;

  if (self->status == EXIT_LEFT)
    headless_events_print_left (self->events);
  g_main_loop_quit (self->loop);
}

/* What became of the files that are being written is told before the end is. */
static void
quit (Headless *self,
      int status)
{
  if (self->over)
    return;

  self->over = TRUE;
  self->status = status;
  headless_recordings_when_closed (self->recordings, on_closed, self);
}

static void
on_room_failed (AlcoveRoom *room,
                const GError *error,
                Headless *self)
{
  print_certificate (self, error);
  quit (self, EXIT_LOST);
}

static void
on_room_left (AlcoveRoom *room,
              Headless *self)
{
  quit (self, EXIT_LEFT);
}

/* What can't be used is told as what is off: others see the same still picture. */
static void
tell_of_camera (Headless *self)
{
  gboolean sharing
      = alcove_screen_share_get_sharing (alcove_engine_get_screen_share (self->engine));

  alcove_room_set_camera_off (self->room,
                              !sharing && (self->no_video
                                           || alcove_engine_get_camera_missing (self->engine)));
}

static void
on_engine_notice (AlcoveEngine *engine,
                  const GError *error,
                  Headless *self)
{
  tell_of_camera (self);
  headless_events_print_error (self->events, error, NULL);
}

static void
on_engine_notice_over (AlcoveEngine *engine,
                       const GError *error,
                       Headless *self)
{
  tell_of_camera (self);
  headless_events_print_error_over (self->events, error);
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

/* The screen is no source of the engine's. */
static gboolean
check_video (const char *video,
             GError **error)
{
  g_autoptr (AlcoveCaptureSpec) spec = NULL;

  if (g_strcmp0 (video, "screen") == 0)
    return TRUE;

  spec = alcove_capture_spec_parse (video, TRUE, NULL);
  if (spec == NULL)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("“%s” is no picture source. Use none, test, test:N, camera, camera:ID, "
                      "file:PATH or screen."),
                   video);
      return FALSE;
    }
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

  if (!check_video (options->video, error)
      || !alcove_ice_servers_check (options->stun, options->turn, options->relay_only, error))
    return FALSE;

  /* the screen takes the place of nothing */
  engine_options->video = options->video != NULL && !g_str_equal (options->video, "screen")
                              ? options->video
                              : "none";
  engine_options->audio = options->audio != NULL ? options->audio : "none";
  engine_options->playout = "none";
  engine_options->fps = options->fps;
  engine_options->codec = options->video_codec;
  engine_options->receive = !options->no_receive;
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
    { "id", 0, 0, G_OPTION_ARG_STRING, &options->id,
      N_ ("Your id in the room, where the protocol lets you choose it"), N_ ("ID") },
    { "role", 0, 0, G_OPTION_ARG_STRING, &options->role, N_ ("Role: member or dispatcher"),
      N_ ("ROLE") },
    { "video", 0, 0, G_OPTION_ARG_STRING, &options->video,
      N_ ("Picture to send: none, test, camera, screen or file:PATH"), N_ ("SOURCE") },
    { "audio", 0, 0, G_OPTION_ARG_STRING, &options->audio,
      N_ ("Sound to send: none, test, mic or file:PATH"), N_ ("SOURCE") },
    { "size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_ ("Size of the picture to send"),
      N_ ("WIDTHxHEIGHT") },
    { "fps", 0, 0, G_OPTION_ARG_INT, &options->fps, N_ ("Frames a second to send"), N_ ("N") },
    { "video-codec", 0, 0, G_OPTION_ARG_STRING, &options->video_codec,
      N_ ("Codec of the picture to offer first: auto, vp8 or h264"), N_ ("CODEC") },
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
  g_autofree char *commands = headless_commands_dup_help ();

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, _ ("Takes part in an Alcove room without a window."));
  g_option_context_set_description (context, commands);
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
  gboolean has_sound = !g_str_equal (engine_options->audio, "none");

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
  if (!alcove_signaller_set_id (signaller, options->id, error))
    return FALSE;

  self->engine = alcove_engine_new (engine_options, error);
  if (self->engine == NULL)
    return FALSE;
  /* last, as it leaves a folder behind */
  if (options->record != NULL && !headless_recordings_prepare (options->record, error))
    return FALSE;

  self->room = alcove_room_new (signaller, ALCOVE_PEER_LINK_FACTORY (self->engine), options->room,
                                options->name, role);
  g_object_set (self->room, "expect-frames", engine_options->receive, NULL);
  self->no_video = g_str_equal (engine_options->video, "none");
  tell_of_camera (self);
  alcove_room_set_muted (self->room, !has_sound);

  /* First, so that what ends the program is printed before it does. */
  self->events = headless_events_new (self->room, self->start);
  g_signal_connect (self->engine, "notice", G_CALLBACK (on_engine_notice), self);
  g_signal_connect (self->engine, "notice-over", G_CALLBACK (on_engine_notice_over), self);
  g_signal_connect_swapped (alcove_engine_get_screen_share (self->engine), "notify::sharing",
                            G_CALLBACK (tell_of_camera), self);
  g_signal_connect (self->room, "failed", G_CALLBACK (on_room_failed), self);
  g_signal_connect (self->room, "left", G_CALLBACK (on_room_left), self);
  self->files = headless_files_new (self->room, self->start);
  self->recordings = headless_recordings_new (self->room, options->record, self->events);
  self->commands = headless_commands_new (self->room, self->engine, has_sound, self->events,
                                          self->files, self->recordings);

  self->interrupt_source = g_unix_signal_add (SIGINT, on_terminate, self);
  self->terminate_source = g_unix_signal_add (SIGTERM, on_terminate, self);
  if (options->duration > 0)
    self->duration_source
        = g_timeout_add_seconds ((guint) options->duration, on_duration, self);

  alcove_engine_start (self->engine);
  if (g_strcmp0 (options->video, "screen") == 0)
    alcove_screen_share_start (alcove_engine_get_screen_share (self->engine), FALSE);
  alcove_room_join (self->room);
  return TRUE;
}

static void
headless_clear (Headless *self)
{
  g_clear_handle_id (&self->duration_source, g_source_remove);
  g_clear_handle_id (&self->interrupt_source, g_source_remove);
  g_clear_handle_id (&self->terminate_source, g_source_remove);

  if (self->room != NULL)
    g_signal_handlers_disconnect_by_data (self->room, self);
  if (self->engine != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->engine, self);
      g_signal_handlers_disconnect_by_data (alcove_engine_get_screen_share (self->engine), self);
      alcove_engine_stop (self->engine);
    }

  g_clear_pointer (&self->commands, headless_commands_free);
  g_clear_pointer (&self->recordings, headless_recordings_free);
  g_clear_pointer (&self->files, headless_files_free);
  g_clear_pointer (&self->events, headless_events_free);
  g_clear_object (&self->room);
  g_clear_object (&self->engine);
  g_clear_object (&self->trust);
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

  alcove_locale_init ();

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
