/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-screen-cast"

#include "config.h"

#include "alcove-screen-cast.h"

#include <unistd.h>

#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>

#include "alcove-debug.h"
#include "alcove-error.h"

/*
 * The interface is org.freedesktop.portal.ScreenCast of xdg-desktop-portal. It is spoken straight
 * over the bus: libportal, which has it too, in its oldest version in use crashes where there is
 * no bus, blocks the main context while it fetches the remote, and warns where a portal fails.
 */

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_SCREEN_CAST "org.freedesktop.portal.ScreenCast"
#define PORTAL_REQUEST "org.freedesktop.portal.Request"
#define PORTAL_SESSION "org.freedesktop.portal.Session"

/* The first version that gives a token by which a choice is restored. */
#define VERSION_WITH_TOKENS 4

/* Bits of the portal's AvailableSourceTypes and AvailableCursorModes. */
#define SOURCE_MONITOR 1u
#define SOURCE_WINDOW 2u
#define CURSOR_EMBEDDED 2u

#define PERSIST_UNTIL_REVOKED 2u

/* Of a Response: the person has said no. */
#define RESPONSE_CANCELLED 1

#define MAX_TOKEN 4096

typedef void (*ResponseFunc) (AlcoveScreenCast *self,
                              GVariant *results);

struct _AlcoveScreenCast {
  GObject parent_instance;

  GDBusConnection *bus;
  GTask *task; /* while it is started */
  GCancellable *cancellable;
  guint name_watch;
  guint closed_subscription;
  guint response_subscription;
  ResponseFunc on_response;
  char *request;
  char *session;
  char *wanted_token;
  char *parent;
  guint version;
  guint cursor_modes;
  guint source_types;

  gboolean started;
  gboolean closed;
  guint32 node;
  char *token;
  int fd;
};

enum {
  CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AlcoveScreenCast, alcove_screen_cast, G_TYPE_OBJECT)

/* Errors of the bus are in the language of programmers. */
static GError *
plain_error (const char *why)
{
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "screen cast: %s", why);
  return g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                              _ ("This desktop does not let programs share the screen."));
}

static void
call_portal (GDBusConnection *bus,
             const char *path,
             const char *interface,
             const char *method)
{
  g_dbus_connection_call (bus, PORTAL_NAME, path, interface, method, NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  /* which keeps the connection until that is out: we may be its only user */
  g_dbus_connection_flush (bus, NULL, NULL, NULL);
}

static void
drop_request (AlcoveScreenCast *self)
{
  if (self->response_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->response_subscription);
  self->response_subscription = 0;
  self->on_response = NULL;
  g_clear_pointer (&self->request, g_free);
}

/* Whatever is under way or on ends; nothing is emitted. */
static void
shut (AlcoveScreenCast *self)
{
  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->bus != NULL && self->request != NULL)
    call_portal (self->bus, self->request, PORTAL_REQUEST, "Close");
  drop_request (self);
  if (self->bus != NULL && self->session != NULL)
    call_portal (self->bus, self->session, PORTAL_SESSION, "Close");
  g_clear_pointer (&self->session, g_free);
  if (self->closed_subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->closed_subscription);
  self->closed_subscription = 0;
  g_clear_handle_id (&self->name_watch, g_bus_unwatch_name);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* Takes @error. */
static void
fail (AlcoveScreenCast *self,
      GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  shut (self);
  if (task != NULL)
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static void
end (AlcoveScreenCast *self,
     const char *why)
{
  g_autoptr (AlcoveScreenCast) keep = g_object_ref (self);

  if (self->closed)
    return;
  if (!self->started)
    {
      fail (self, plain_error (why));
      return;
    }

  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "screen cast: %s", why);
  /* there is no session to close any more */
  g_clear_pointer (&self->session, g_free);
  shut (self);
  g_signal_emit (self, signals[CLOSED], 0);
}

static void
on_response (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *signal,
             GVariant *parameters,
             gpointer user_data)
{
  g_autoptr (AlcoveScreenCast) self = g_object_ref (user_data);
  ResponseFunc func = self->on_response;
  g_autoptr (GVariant) results = NULL;
  guint32 response;

  if (func == NULL || !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    return;

  g_variant_get (parameters, "(u@a{sv})", &response, &results);
  drop_request (self);
  if (response == 0)
    func (self, results);
  else if (response == RESPONSE_CANCELLED)
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "not chosen"));
  else
    fail (self, plain_error ("the portal has failed"));
}

static void
on_called (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (AlcoveScreenCast) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);

  if (reply == NULL && !self->closed)
    fail (self, plain_error (error->message));
}

static char *
make_handle (AlcoveScreenCast *self,
             const char *kind,
             const char *token)
{
  /* ":1.42" is "1_42" in paths */
  g_autofree char *sender = g_strdelimit (
      g_strdup (g_dbus_connection_get_unique_name (self->bus) + 1), ".", '_');

  return g_strdup_printf (PORTAL_PATH "/%s/%s/%s", kind, sender, token);
}

static char *
make_token (void)
{
  return g_strdup_printf ("alcove%u", g_random_int ());
}

/* Calls a method that is answered by a signal. @options: its last argument, begun;
 * @first: (nullable): format and arguments before it. */
static void
request (AlcoveScreenCast *self,
         const char *method,
         GVariantBuilder *options,
         gboolean with_parent,
         ResponseFunc func)
{
  g_autofree char *token = make_token ();
  GVariant *arguments;

  self->request = make_handle (self, "request", token);
  self->on_response = func;
  self->response_subscription = g_dbus_connection_signal_subscribe (
      self->bus, PORTAL_NAME, PORTAL_REQUEST, "Response", self->request, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_response, self, NULL);

  g_variant_builder_add (options, "{sv}", "handle_token", g_variant_new_string (token));
  if (self->session == NULL)
    arguments = g_variant_new ("(a{sv})", options);
  else if (with_parent)
    arguments = g_variant_new ("(osa{sv})", self->session, self->parent, options);
  else
    arguments = g_variant_new ("(oa{sv})", self->session, options);
  g_dbus_connection_call (self->bus, PORTAL_NAME, PORTAL_PATH, PORTAL_SCREEN_CAST, method,
                          arguments, G_VARIANT_TYPE ("(o)"), G_DBUS_CALL_FLAGS_NONE, -1,
                          self->cancellable, on_called, g_object_ref (self));
}

static void
on_remote (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (AlcoveScreenCast) self = user_data;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_with_unix_fd_list_finish (
      G_DBUS_CONNECTION (object), &list, result, &error);
  gint32 index;

  if (self->closed)
    return;
  if (reply != NULL)
    {
      g_variant_get (reply, "(h)", &index);
      if (list == NULL || index < 0 || index >= g_unix_fd_list_get_length (list))
        error = plain_error ("no remote");
      else
        self->fd = g_unix_fd_list_get (list, index, &error);
    }
  if (self->fd < 0)
    {
      fail (self, plain_error (error != NULL ? error->message : "no remote"));
      return;
    }

  self->started = TRUE;
  task = g_steal_pointer (&self->task);
  g_task_return_boolean (task, TRUE);
}

static void
on_started (AlcoveScreenCast *self,
            GVariant *results)
{
  g_autoptr (GVariant) streams
      = g_variant_lookup_value (results, "streams", G_VARIANT_TYPE ("a(ua{sv})"));
  GVariantBuilder options;
  const char *token = NULL;

  if (streams == NULL || g_variant_n_children (streams) == 0)
    {
      fail (self, plain_error ("no stream"));
      return;
    }

  g_variant_get_child (streams, 0, "(ua{sv})", &self->node, NULL);
  if (g_variant_lookup (results, "restore_token", "&s", &token) && strlen (token) <= MAX_TOKEN)
    self->token = g_strdup (token);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_dbus_connection_call_with_unix_fd_list (
      self->bus, PORTAL_NAME, PORTAL_PATH, PORTAL_SCREEN_CAST, "OpenPipeWireRemote",
      g_variant_new ("(oa{sv})", self->session, &options), G_VARIANT_TYPE ("(h)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, self->cancellable, on_remote, g_object_ref (self));
}

static void
on_selected (AlcoveScreenCast *self,
             GVariant *results)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  request (self, "Start", &options, TRUE, on_started);
}

static void
on_session_closed (GDBusConnection *bus,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  end (user_data, "the session was closed");
}

static void
on_created (AlcoveScreenCast *self,
            GVariant *results)
{
  guint types = (SOURCE_MONITOR | SOURCE_WINDOW) & self->source_types;
  GVariantBuilder options;
  const char *session = NULL;

  /* once by mistake a string rather than a path, and kept so by the portal */
  if (!g_variant_lookup (results, "session_handle", "&s", &session)
      && !g_variant_lookup (results, "session_handle", "&o", &session))
    session = NULL;
  if (session == NULL || !g_variant_is_object_path (session))
    {
      fail (self, plain_error ("no session"));
      return;
    }

  self->session = g_strdup (session);
  self->closed_subscription = g_dbus_connection_signal_subscribe (
      self->bus, PORTAL_NAME, PORTAL_SESSION, "Closed", self->session, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_session_closed, self, NULL);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "types",
                         g_variant_new_uint32 (types != 0 ? types : SOURCE_MONITOR));
  g_variant_builder_add (&options, "{sv}", "multiple", g_variant_new_boolean (FALSE));
  /* a mode that is not offered is an error */
  if ((self->cursor_modes & CURSOR_EMBEDDED) != 0)
    g_variant_builder_add (&options, "{sv}", "cursor_mode",
                           g_variant_new_uint32 (CURSOR_EMBEDDED));
  if (self->version >= VERSION_WITH_TOKENS)
    {
      g_variant_builder_add (&options, "{sv}", "persist_mode",
                             g_variant_new_uint32 (PERSIST_UNTIL_REVOKED));
      if (self->wanted_token != NULL && *self->wanted_token != '\0')
        g_variant_builder_add (&options, "{sv}", "restore_token",
                               g_variant_new_string (self->wanted_token));
    }
  request (self, "SelectSources", &options, FALSE, on_selected);
}

static void
on_vanished (GDBusConnection *bus,
             const char *name,
             gpointer user_data)
{
  end (user_data, "the portal has gone");
}

static guint
look_up (GVariant *properties,
         const char *name)
{
  guint32 value = 0;

  g_variant_lookup (properties, name, "u", &value);
  return value;
}

static void
on_properties (GObject *object,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (AlcoveScreenCast) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autoptr (GVariant) properties = NULL;
  g_autofree char *token = make_token ();
  GVariantBuilder options;

  if (self->closed)
    return;
  if (reply == NULL)
    {
      fail (self, plain_error (error->message));
      return;
    }

  properties = g_variant_get_child_value (reply, 0);
  self->version = look_up (properties, "version");
  self->source_types = look_up (properties, "AvailableSourceTypes");
  self->cursor_modes = look_up (properties, "AvailableCursorModes");
  self->name_watch = g_bus_watch_name_on_connection (
      self->bus, PORTAL_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_vanished, self, NULL);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "session_handle_token", g_variant_new_string (token));
  request (self, "CreateSession", &options, FALSE, on_created);
}

static void
get_properties (GDBusConnection *bus,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, "org.freedesktop.DBus.Properties",
                          "GetAll", g_variant_new ("(s)", PORTAL_SCREEN_CAST),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, -1, cancellable,
                          callback, user_data);
}

static void
on_bus (GObject *object,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (AlcoveScreenCast) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (self->closed)
    return;
  if (bus == NULL)
    {
      fail (self, plain_error (error->message));
      return;
    }

  self->bus = g_steal_pointer (&bus);
  get_properties (self->bus, self->cancellable, on_properties, g_object_ref (self));
}

static void
alcove_screen_cast_dispose (GObject *object)
{
  AlcoveScreenCast *self = ALCOVE_SCREEN_CAST (object);

  shut (self);
  g_clear_object (&self->bus);

  G_OBJECT_CLASS (alcove_screen_cast_parent_class)->dispose (object);
}

static void
alcove_screen_cast_finalize (GObject *object)
{
  AlcoveScreenCast *self = ALCOVE_SCREEN_CAST (object);

  g_object_unref (self->cancellable);
  g_free (self->wanted_token);
  g_free (self->parent);
  g_free (self->token);

  G_OBJECT_CLASS (alcove_screen_cast_parent_class)->finalize (object);
}

static void
alcove_screen_cast_class_init (AlcoveScreenCastClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_screen_cast_dispose;
  object_class->finalize = alcove_screen_cast_finalize;

  signals[CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
alcove_screen_cast_init (AlcoveScreenCast *self)
{
  self->cancellable = g_cancellable_new ();
  self->fd = -1;
}

/**
 * alcove_screen_cast_new:
 *
 * Returns: (transfer full): a session that is not asked for yet
 */
AlcoveScreenCast *
alcove_screen_cast_new (void)
{
  return g_object_new (ALCOVE_TYPE_SCREEN_CAST, NULL);
}

/**
 * alcove_screen_cast_start_async:
 * @self: a fresh session
 * @token: (nullable): what alcove_screen_cast_get_token() of an earlier session was; then the
 *   person is not asked again, unless that was revoked
 * @parent: the window that the desktop's question belongs to, as portals call it; may be empty
 * @callback: called on the main context
 * @user_data: its data
 *
 * Asks the person, through the desktop, what to show. Call it once.
 */
void
alcove_screen_cast_start_async (AlcoveScreenCast *self,
                                const char *token,
                                const char *parent,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, alcove_screen_cast_start_async);
  self->wanted_token = g_strdup (token);
  self->parent = g_strdup (parent);
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, on_bus, g_object_ref (self));
}

/**
 * alcove_screen_cast_start_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: return location
 *
 * Errors: `G_IO_ERROR_CANCELLED` if the person has said no, or it was closed meanwhile;
 * %ALCOVE_ERROR_FAILED with a sentence for the person.
 *
 * Returns: whether there is something to show
 */
gboolean
alcove_screen_cast_start_finish (AlcoveScreenCast *self,
                                 GAsyncResult *result,
                                 GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * alcove_screen_cast_steal_fd:
 * @self: a session that was started
 *
 * Returns: a PipeWire remote that the caller closes; -1 if it was taken already
 */
int
alcove_screen_cast_steal_fd (AlcoveScreenCast *self)
{
  int fd = self->fd;

  self->fd = -1;
  return fd;
}

/**
 * alcove_screen_cast_get_node:
 * @self: a session that was started
 *
 * Returns: the node's id in that remote
 */
guint32
alcove_screen_cast_get_node (AlcoveScreenCast *self)
{
  return self->node;
}

/**
 * alcove_screen_cast_get_token:
 * @self: a session that was started
 *
 * Each token is good for one time: it takes the place of the one before.
 *
 * Returns: (transfer none) (nullable): what the next session may be started with
 */
const char *
alcove_screen_cast_get_token (AlcoveScreenCast *self)
{
  return self->token;
}

/**
 * alcove_screen_cast_close:
 * @self: a session
 *
 * Ends it for good. A start that is under way is cancelled.
 */
void
alcove_screen_cast_close (AlcoveScreenCast *self)
{
  if (!self->closed)
    fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed"));
}

static void
on_checked (GObject *object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (object), result, &error);
  g_autoptr (GVariant) properties = NULL;

  if (reply != NULL)
    properties = g_variant_get_child_value (reply, 0);
  if (properties != NULL && look_up (properties, "AvailableSourceTypes") != 0)
    g_task_return_boolean (task, TRUE);
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, plain_error (error != NULL ? error->message : "nothing to show"));
}

static void
on_check_bus (GObject *object,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);

  if (bus != NULL)
    get_properties (bus, g_task_get_cancellable (task), on_checked, g_object_ref (task));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_error (task, plain_error (error->message));
}

/**
 * alcove_screen_cast_check_async:
 * @cancellable: (nullable): a #GCancellable
 * @callback: called on the main context
 * @user_data: its data
 *
 * Finds out whether the desktop has such a portal, and anything to show by it.
 */
void
alcove_screen_cast_check_async (GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, alcove_screen_cast_check_async);
  g_bus_get (G_BUS_TYPE_SESSION, cancellable, on_check_bus, task);
}

/**
 * alcove_screen_cast_check_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Returns: whether it has; else %FALSE with %ALCOVE_ERROR_FAILED and a sentence for the person,
 *   or `G_IO_ERROR_CANCELLED`
 */
gboolean
alcove_screen_cast_check_finish (GAsyncResult *result,
                                 GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
