/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "alcove-capture-source.h"
#include "alcove-engine.h"
#include "alcove-error.h"
#include "alcove-link-stats.h"
#include "alcove-peer-link.h"
#include "alcove-screen-share-private.h"
#include "alcove-test-mark.h"
#include "alcove-test-source.h"
#include "mock-portal.h"

/*
 * A desktop as far as a computer without any can have one: a message bus, a PipeWire daemon and a
 * portal of our own. What a session manager would do, the test does: it joins the ports.
 */

#define SKIP 77
#define CAMERA 5
#define SCREEN 77

/* What the preferences say of the picture; the screen is larger. */
#define WIDTH 320
#define HEIGHT 180
#define SCREEN_WIDTH 640
#define SCREEN_HEIGHT 360

static const char pipewire_configuration[]
    = "context.properties = { core.daemon = true core.name = pipewire-0 }\n"
      "context.spa-libs = { support.* = support/libspa-support }\n"
      "context.modules = [\n"
      "  { name = libpipewire-module-protocol-native }\n"
      "  { name = libpipewire-module-spa-node-factory }\n"
      "  { name = libpipewire-module-client-node }\n"
      "  { name = libpipewire-module-access }\n"
      "  { name = libpipewire-module-adapter }\n"
      "  { name = libpipewire-module-link-factory }\n"
      "]\n"
      "context.objects = [ { factory = spa-node-factory args = {\n"
      "  factory.name = support.node.driver node.name = driver priority.driver = 20000 } } ]\n";

static char *bus_address;
static char *folder;

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Runs the main context until @value is true. */
#define wait_for(value)                                                                           \
  G_STMT_START                                                                                    \
  {                                                                                               \
    guint tick_ = g_timeout_add (10, on_tick, NULL);                                              \
    gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                  \
    while (!(value))                                                                              \
      {                                                                                           \
        g_assert_cmpint (g_get_monotonic_time (), <, end_);                                       \
        g_main_context_iteration (NULL, TRUE);                                                    \
      }                                                                                           \
    g_source_remove (tick_);                                                                      \
  }                                                                                               \
  G_STMT_END

static char *
run (const char *first,
     ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autofree char *output = NULL;
  int status = 0;
  va_list list;

  g_ptr_array_add (arguments, (gpointer) first);
  va_start (list, first);
  for (const char *a = va_arg (list, const char *); a != NULL; a = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) a);
  va_end (list);
  g_ptr_array_add (arguments, NULL);
  if (!g_spawn_sync (NULL, (char **) arguments->pdata, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &output, NULL,
                     &status, NULL)
      || status != 0)
    return NULL;
  return g_steal_pointer (&output);
}

/* A screen in PipeWire, in a process of its own, as the desktop's is. */
typedef struct {
  GSubprocess *process;
  guint32 node;
} Screen;

/* The id of the node named @name, 0 if there is none. */
static guint32
find_node (const char *name)
{
  g_autofree char *list = run ("pw-cli", "ls", "Node", NULL);
  g_autofree char *wanted = g_strdup_printf ("node.name = \"%s\"", name);
  g_auto (GStrv) lines = g_strsplit (list != NULL ? list : "", "\n", -1);
  guint32 id = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *line = g_strchug (lines[i]);

      if (g_str_has_prefix (line, "id "))
        id = (guint32) g_ascii_strtoull (line + 3, NULL, 10);
      else if (g_str_has_prefix (line, wanted))
        return id;
    }
  return 0;
}

static void
die_with_parent (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
spawn (const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_SILENCE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  /* PipeWire's sink complains about itself now and then */
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  return process;
}

static void
kill_process (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  g_object_unref (process);
}

/* What that process does. */
static int
be_a_screen (void)
{
  GstElement *source = alcove_test_source_new_picture (SCREEN, SCREEN_WIDTH, SCREEN_HEIGHT, 30);
  GstElement *sink = gst_parse_bin_from_description (
      "videoconvert ! video/x-raw,format=BGRx ! identity drop-allocation=true ! "
      "pipewiresink mode=provide "
      "stream-properties=\"p,node.name=screen,media.class=Video/Source\"",
      TRUE, NULL);
  GstElement *pipeline = gst_pipeline_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  gst_bin_add_many (GST_BIN (pipeline), source, sink, NULL);
  gst_element_link (source, sink);
  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_main_loop_run (loop);
  return 0;
}

static void
screen_open (Screen *screen)
{
  const char *const arguments[] = { "/proc/self/exe", "--screen", NULL };

  screen->process = spawn (arguments);
  wait_for ((screen->node = find_node ("screen")) != 0);
}

static void
screen_close (Screen *screen)
{
  kill_process (g_steal_pointer (&screen->process));
  wait_for (find_node ("screen") == 0);
}

/* Whether the screen's port and ours are joined from now on, which a port is once it is there. Newer
 * PipeWire has other names for them. */
static gboolean
join (void)
{
  g_autofree char *done = run ("pw-link", "screen:out_0", "Alcove:in_0", NULL);

  if (done == NULL)
    done = run ("pw-link", "screen:capture_1", "Alcove:input_1", NULL);

  return done != NULL;
}

/* One who takes part: what it sends, and what it sees of the other. */
typedef struct _Side Side;
struct _Side {
  AlcoveEngine *engine;
  AlcovePeerLink *link;
  Side *other;
  guint n_descriptions;
  guint n_notices;
  AlcoveLinkStats stats;
  gboolean sampled;
};

static void
on_notice (AlcoveEngine *engine,
           GError *error,
           Side *side)
{
  g_assert_cmpuint (error->domain, ==, ALCOVE_ERROR);
  g_test_message ("notice: %s", error->message);
  side->n_notices++;
}

static void
on_description (AlcovePeerLink *link,
                AlcoveDescriptionType type,
                const char *sdp,
                Side *side)
{
  side->n_descriptions++;
  alcove_peer_link_set_remote (side->other->link, type, sdp);
}

static void
on_candidate (AlcovePeerLink *link,
              const char *mid,
              int mline_index,
              const char *candidate,
              Side *side)
{
  alcove_peer_link_add_candidate (side->other->link, mid, mline_index, candidate);
}

static void
on_failed (AlcovePeerLink *link,
           const GError *error,
           Side *side)
{
  g_assert_no_error (error);
}

static void
side_open (Side *side,
           const char *video,
           Side *other)
{
  AlcoveEngineOptions options = ALCOVE_ENGINE_OPTIONS_INIT;
  AlcovePeerLinkOptions link_options = { .peer = "other" };
  g_autoptr (GError) error = NULL;

  options.video = video;
  options.audio = options.playout = "none";
  options.width = WIDTH;
  options.height = HEIGHT;
  side->other = other;
  side->engine = alcove_engine_new (&options, &error);
  g_assert_no_error (error);
  g_signal_connect (side->engine, "notice", G_CALLBACK (on_notice), side);
  alcove_engine_start (side->engine);
  side->link = alcove_peer_link_factory_create_link (ALCOVE_PEER_LINK_FACTORY (side->engine),
                                                     &link_options, &error);
  g_assert_no_error (error);
  g_signal_connect (side->link, "description", G_CALLBACK (on_description), side);
  g_signal_connect (side->link, "candidate", G_CALLBACK (on_candidate), side);
  g_signal_connect (side->link, "failed", G_CALLBACK (on_failed), side);
}

static void
side_close (Side *side)
{
  alcove_peer_link_close (side->link);
  g_object_unref (side->link);
  alcove_engine_stop (side->engine);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (side->engine);
}

static void
on_sampled (GObject *object,
            GAsyncResult *result,
            gpointer data)
{
  Side *side = data;

  g_assert_true (alcove_peer_link_sample_finish (side->link, result, &side->stats, NULL));
  side->sampled = TRUE;
}

/* Waits until @side sees that test picture of the other's, and so goes on for some frames. */
static void
wait_for_picture (Side *side,
                  int picture)
{
  guint n = 0;
  guint64 frames = 0;

  while (n < 3)
    {
      side->sampled = FALSE;
      alcove_peer_link_sample_async (side->link, NULL, on_sampled, side);
      wait_for (side->sampled);
      if (side->stats.picture != picture)
        n = 0;
      else if (n == 0 || side->stats.frames_decoded > frames)
        n++;
      frames = side->stats.frames_decoded;
      g_main_context_iteration (NULL, FALSE);
    }
}

/* Waits until @side sees that test picture of the other's in that width. */
static void
wait_for_width (Side *side,
                int picture,
                int width)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  wait_for_picture (side, picture);
  while (side->stats.width != width)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      wait_for_picture (side, picture);
    }
}

typedef struct {
  MockPortal portal;
  Screen screen;
  Side near;
  Side far;
  AlcoveScreenShare *share;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autofree char *remote = g_build_filename (folder, "pipewire-0", NULL);

  *self = (Fixture) { 0 };
  self->portal.remote = g_strdup (remote);
  mock_portal_open (&self->portal, bus_address);
  screen_open (&self->screen);
  self->portal.node = self->screen.node;
  side_open (&self->near, "test:5", &self->far);
  side_open (&self->far, "none", &self->near);
  alcove_peer_link_start_offer (self->near.link);
  self->share = alcove_engine_get_screen_share (self->near.engine);
  /* on a slow machine it may take us longer to join the ports */
  alcove_screen_share_set_patience (self->share, 60000);
  wait_for_picture (&self->far, CAMERA);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  /* one description each: nothing was negotiated anew */
  g_assert_cmpuint (self->near.n_descriptions, ==, 1);
  g_assert_cmpuint (self->far.n_descriptions, ==, 1);
  side_close (&self->near);
  side_close (&self->far);
  screen_close (&self->screen);
  mock_portal_close (&self->portal);
  g_free (self->portal.remote);
}

static void
start (Fixture *self,
       gboolean ask)
{
  alcove_screen_share_start (self->share, ask);
  g_assert_true (alcove_screen_share_get_busy (self->share));
  wait_for (join ());
  wait_for (alcove_screen_share_get_sharing (self->share));
  g_assert_false (alcove_screen_share_get_busy (self->share));
  wait_for_picture (&self->far, SCREEN);
}

static void
test_share (Fixture *self,
            gconstpointer data)
{
  alcove_screen_share_check (self->share);
  g_assert_cmpint (self->far.stats.width, ==, WIDTH);
  start (self, FALSE);
  wait_for_width (&self->far, SCREEN, SCREEN_WIDTH);
  g_assert_null (alcove_screen_share_get_obstacle (self->share));
  g_assert_null (self->portal.token);
  g_assert_cmpuint (self->portal.persist_mode, ==, 2);
  g_assert_cmpuint (self->portal.types, ==, 3);
  g_assert_cmpstr (self->portal.parent, ==, "");
  g_assert_cmpstr (alcove_screen_share_get_token (self->share), ==, "token 1");

  alcove_screen_share_stop (self->share);
  g_assert_false (alcove_screen_share_get_sharing (self->share));
  wait_for_width (&self->far, CAMERA, WIDTH);
  wait_for (self->portal.n_closed == 1);

  /* the second time nobody is asked, and the next token takes the place of the one used */
  start (self, FALSE);
  g_assert_cmpstr (self->portal.token, ==, "token 1");
  g_assert_cmpstr (alcove_screen_share_get_token (self->share), ==, "token 2");

  /* another one: asked again, and it takes the place of the old one */
  alcove_screen_share_set_parent (self->share, "x11:1f");
  start (self, TRUE);
  g_assert_cmpstr (self->portal.parent, ==, "x11:1f");
  g_assert_null (self->portal.token);
  g_assert_cmpstr (alcove_screen_share_get_token (self->share), ==, "token 3");
  g_assert_cmpuint (self->near.n_notices, ==, 0);
}

/* What is wanted of the camera meanwhile is done afterwards. */
static void
test_camera_off (Fixture *self,
                 gconstpointer data)
{
  start (self, FALSE);
  alcove_engine_set_camera_off (self->near.engine, TRUE);
  wait_for_width (&self->far, SCREEN, SCREEN_WIDTH);
  alcove_screen_share_stop (self->share);
  wait_for_width (&self->far, -1, WIDTH);
  alcove_engine_set_camera_off (self->near.engine, FALSE);
  wait_for_width (&self->far, CAMERA, WIDTH);
}

static void
test_ended (Fixture *self,
            gconstpointer data)
{
  start (self, FALSE);
  mock_portal_end (&self->portal);
  wait_for (!alcove_screen_share_get_sharing (self->share));
  g_assert_cmpuint (self->near.n_notices, ==, 1);
  wait_for_picture (&self->far, CAMERA);
  g_assert_cmpuint (self->near.n_notices, ==, 1);
}

static void
test_refused (Fixture *self,
              gconstpointer data)
{
  /* the person says no, and hears nothing of it */
  self->portal.answer = 1;
  alcove_screen_share_start (self->share, FALSE);
  wait_for (!alcove_screen_share_get_busy (self->share));
  g_assert_false (alcove_screen_share_get_sharing (self->share));
  g_assert_cmpuint (self->near.n_notices, ==, 0);

  self->portal.answer = 2;
  alcove_screen_share_start (self->share, FALSE);
  wait_for (!alcove_screen_share_get_busy (self->share));
  g_assert_cmpuint (self->near.n_notices, ==, 1);

  /* taken back while the desktop asks; no late answer is heeded */
  self->portal.answer = 3;
  alcove_screen_share_start (self->share, FALSE);
  wait_for (self->portal.n_asked == 3);
  alcove_screen_share_stop (self->share);
  g_assert_false (alcove_screen_share_get_busy (self->share));
  wait_for (self->portal.session == NULL);
  g_assert_cmpuint (self->near.n_notices, ==, 1);
  wait_for_picture (&self->far, CAMERA);
}

/* No, or nothing, to another one: the one that is shown goes on. */
static void
test_other_refused (Fixture *self,
                    gconstpointer data)
{
  start (self, FALSE);
  for (guint answer = 1; answer <= 2; answer++)
    {
      self->portal.answer = answer;
      alcove_screen_share_start (self->share, TRUE);
      g_assert_true (alcove_screen_share_get_busy (self->share));
      g_assert_true (alcove_screen_share_get_sharing (self->share));
      wait_for (!alcove_screen_share_get_busy (self->share));
      g_assert_true (alcove_screen_share_get_sharing (self->share));
      g_assert_cmpuint (self->near.n_notices, ==, answer - 1);
      wait_for_picture (&self->far, SCREEN);
    }

  /* both are taken back */
  self->portal.answer = 3;
  alcove_screen_share_start (self->share, TRUE);
  wait_for (self->portal.n_asked == 4);
  wait_for_picture (&self->far, SCREEN);
  alcove_screen_share_stop (self->share);
  g_assert_false (alcove_screen_share_get_busy (self->share));
  g_assert_false (alcove_screen_share_get_sharing (self->share));
  wait_for_picture (&self->far, CAMERA);
  g_assert_cmpuint (self->near.n_notices, ==, 1);
}

/* The person says yes, but nothing comes: nobody joins the ports. */
static void
test_no_picture (Fixture *self,
                 gconstpointer data)
{
  alcove_screen_share_set_patience (self->share, 500);
  alcove_screen_share_start (self->share, FALSE);
  wait_for (!alcove_screen_share_get_busy (self->share));
  g_assert_false (alcove_screen_share_get_sharing (self->share));
  g_assert_cmpuint (self->portal.n_started, ==, 1);
  g_assert_cmpuint (self->near.n_notices, ==, 1);
  wait_for (self->portal.n_closed == 1);
  wait_for_picture (&self->far, CAMERA);
}

/* The engine ends meanwhile. */
static void
test_stopped_while_shared (Fixture *self,
                           gconstpointer data)
{
  start (self, FALSE);
}

static void
test_obstacle (void)
{
  Side side = { 0 };
  AlcoveScreenShare *share;
  MockPortal portal = { 0 };

  side_open (&side, "none", NULL);
  share = alcove_engine_get_screen_share (side.engine);
  alcove_screen_share_check (share);
  wait_for (alcove_screen_share_get_obstacle (share) != NULL);
  g_test_message ("%s", alcove_screen_share_get_obstacle (share));
  alcove_screen_share_start (share, FALSE);
  wait_for (!alcove_screen_share_get_busy (share));
  g_assert_cmpuint (side.n_notices, ==, 1);

  mock_portal_open (&portal, bus_address);
  alcove_screen_share_check (share);
  wait_for (alcove_screen_share_get_obstacle (share) == NULL);
  /* a portal without anything to show */
  portal.no_sources = TRUE;
  alcove_screen_share_check (share);
  wait_for (alcove_screen_share_get_obstacle (share) != NULL);
  /* asked while the engine ends */
  alcove_screen_share_check (share);
  portal.answer = 3;
  alcove_screen_share_start (share, FALSE);
  wait_for (portal.n_asked == 1);
  side_close (&side);
  mock_portal_close (&portal);
}

/* What a source of a screen hands on, by the times of its pictures. */
typedef struct {
  GMutex lock;
  guint n;
  GstClockTime last;
  GstClockTime least; /* between two of them */
} Pictures;

static void
on_screen_picture (GstBuffer *buffer,
                   gpointer data)
{
  Pictures *pictures = data;

  g_mutex_lock (&pictures->lock);
  if (pictures->n > 0)
    pictures->least = MIN (pictures->least, GST_BUFFER_PTS (buffer) - pictures->last);
  pictures->last = GST_BUFFER_PTS (buffer);
  pictures->n++;
  g_mutex_unlock (&pictures->lock);
  gst_buffer_unref (buffer);
}

static guint
count_pictures (Pictures *pictures)
{
  guint n;

  g_mutex_lock (&pictures->lock);
  n = pictures->n;
  g_mutex_unlock (&pictures->lock);
  return n;
}

/* The screen has twice as many pictures as may be sent of one. */
static void
test_rate (Fixture *self,
           gconstpointer data)
{
  const AlcoveCaptureSpec spec = { .video = TRUE, .kind = ALCOVE_CAPTURE_SCREEN, .number = -1 };
  g_autoptr (GstClock) clock = gst_system_clock_obtain ();
  g_autoptr (AlcoveDevices) devices = alcove_devices_new ();
  g_autoptr (AlcoveWorkers) workers = alcove_workers_new ();
  const AlcoveCaptureSetup setup = {
    .spec = &spec, .width = WIDTH, .height = HEIGHT, .fps = 30,
    .clock = clock, .base_time = gst_clock_get_time (clock),
    .workers = workers, .devices = devices,
    .pipewire_fd = mock_portal_connect (self->portal.remote),
    .pipewire_node = self->screen.node,
  };
  Pictures pictures = { .least = GST_CLOCK_TIME_NONE };
  AlcoveCaptureSource *source;

  g_mutex_init (&pictures.lock);
  source = alcove_capture_source_new (&setup, on_screen_picture, &pictures);
  alcove_capture_source_start (source);
  wait_for (join ());
  wait_for (count_pictures (&pictures) >= 30);

  alcove_capture_source_stop (source);
  g_assert_true (alcove_workers_wait (workers, G_MAXINT64));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (source);
  g_test_message ("%g ms between pictures", (double) pictures.least / GST_MSECOND);
  g_assert_cmpuint (pictures.least, >=, GST_SECOND / 15);
  g_mutex_clear (&pictures.lock);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_autofree char *daemon = g_find_program_in_path ("pipewire");
  g_autofree char *linker = g_find_program_in_path ("pw-link");
  g_autofree char *bus_program = g_find_program_in_path ("dbus-daemon");
  GSubprocess *process;
  g_autoptr (GTestDBus) bus = NULL;
  g_autofree char *configuration = NULL;
  g_autofree char *socket = NULL;
  int status;

  if (argc > 1 && g_str_equal (argv[1], "--screen"))
    {
      gst_init (NULL, NULL);
      return be_a_screen ();
    }
  if (daemon == NULL || linker == NULL || bus_program == NULL)
    return SKIP;

  folder = g_dir_make_tmp ("alcove-screen-XXXXXX", NULL);
  configuration = g_build_filename (folder, "daemon.conf", NULL);
  socket = g_build_filename (folder, "pipewire-0", NULL);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_setenv ("PIPEWIRE_RUNTIME_DIR", folder, TRUE);
  g_setenv ("HOME", folder, TRUE);
  g_unsetenv ("DISPLAY");
  g_unsetenv ("PIPEWIRE_REMOTE");
  g_test_init (&argc, &argv, NULL);
  g_test_dbus_unset ();
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  bus_address = g_strdup (g_test_dbus_get_bus_address (bus));
  gst_init (NULL, NULL);

  g_assert_true (g_file_set_contents (configuration, pipewire_configuration, -1, NULL));
  {
    const char *const arguments[] = { daemon, "-c", configuration, NULL };

    process = spawn (arguments);
  }
  wait_for (find_node ("driver") != 0);

  g_test_add_func ("/media/screen-cast/obstacle", test_obstacle);
  add ("/media/screen-cast/share", test_share);
  add ("/media/screen-cast/rate", test_rate);
  add ("/media/screen-cast/camera-off", test_camera_off);
  add ("/media/screen-cast/ended", test_ended);
  add ("/media/screen-cast/refused", test_refused);
  add ("/media/screen-cast/other-refused", test_other_refused);
  add ("/media/screen-cast/stopped-while-shared", test_stopped_while_shared);
  /* the last: PipeWire's source itself gives up only after half a minute, and until then the next
   * test would find two of ours */
  add ("/media/screen-cast/no-picture", test_no_picture);
  status = g_test_run ();

  kill_process (process);
  g_free (run ("rm", "-rf", folder, NULL));
  g_free (folder);
  g_free (bus_address);
  g_test_dbus_stop (bus);
  return status;
}
