/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mock-portal.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gio/gunixfdlist.h>

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

static const char portal_xml[]
    = "<node><interface name='org.freedesktop.portal.ScreenCast'>"
      "<property name='version' type='u' access='read'/>"
      "<property name='AvailableSourceTypes' type='u' access='read'/>"
      "<property name='AvailableCursorModes' type='u' access='read'/>"
      "<method name='CreateSession'><arg type='a{sv}' direction='in'/>"
      "<arg type='o' direction='out'/></method>"
      "<method name='SelectSources'><arg type='o' direction='in'/>"
      "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
      "<method name='Start'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
      "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
      "<method name='OpenPipeWireRemote'><arg type='o' direction='in'/>"
      "<arg type='a{sv}' direction='in'/><arg type='h' direction='out'/></method>"
      "</interface></node>";

static const char session_xml[]
    = "<node><interface name='org.freedesktop.portal.Session'><method name='Close'/>"
      "<signal name='Closed'><arg type='a{sv}'/></signal></interface></node>";

static char *
make_path (const char *kind,
           const char *client,
           GVariant *options,
           const char *key)
{
  g_autofree char *sender = g_strdelimit (g_strdup (client + 1), ".", '_');
  const char *token = NULL;

  g_assert_true (g_variant_lookup (options, key, "&s", &token));
  return g_strdup_printf (PORTAL_PATH "/%s/%s/%s", kind, sender, token);
}

static void
respond (MockPortal *self,
         const char *path,
         guint32 response,
         GVariant *results)
{
  g_assert_true (g_dbus_connection_emit_signal (
      self->bus, self->client, path, "org.freedesktop.portal.Request", "Response",
      g_variant_new ("(u@a{sv})", response,
                     results != NULL ? results : g_variant_new ("a{sv}", NULL)),
      NULL));
}

static void
drop_session (MockPortal *self)
{
  if (self->session_object != 0)
    g_dbus_connection_unregister_object (self->bus, self->session_object);
  self->session_object = 0;
  g_clear_pointer (&self->session, g_free);
}

static void
on_session_call (GDBusConnection *bus,
                 const char *sender,
                 const char *path,
                 const char *interface,
                 const char *method,
                 GVariant *parameters,
                 GDBusMethodInvocation *invocation,
                 gpointer data)
{
  MockPortal *self = data;

  self->n_closed++;
  drop_session (self);
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static void
open_session (MockPortal *self,
              GVariant *options)
{
  static const GDBusInterfaceVTable vtable = { .method_call = on_session_call };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (session_xml, NULL);

  drop_session (self);
  self->session = make_path ("session", self->client, options, "session_handle_token");
  self->session_object = g_dbus_connection_register_object (
      self->bus, self->session, info->interfaces[0], &vtable, self, NULL, NULL);
  g_assert_cmpuint (self->session_object, !=, 0);
}

static GVariant *
make_streams (MockPortal *self)
{
  GVariantBuilder results;
  g_autofree char *token = g_strdup_printf ("token %u", ++self->n_started);

  g_variant_builder_init (&results, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&results, "{sv}", "restore_token", g_variant_new_string (token));
  g_variant_builder_add_parsed (&results, "{'streams', <[(%u, {'source_type': <uint32 1>})]>}",
                                self->node);
  return g_variant_builder_end (&results);
}

int
mock_portal_connect (const char *remote)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_strlcpy (address.sun_path, remote, sizeof address.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  return fd;
}

static void
open_remote (MockPortal *self,
             GDBusMethodInvocation *invocation)
{
  int fd = mock_portal_connect (self->remote);
  g_autoptr (GUnixFDList) list = g_unix_fd_list_new ();

  g_assert_cmpint (g_unix_fd_list_append (list, fd, NULL), ==, 0);
  close (fd);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           list);
}

static void
on_call (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer data)
{
  MockPortal *self = data;
  g_autoptr (GVariant) options
      = g_variant_get_child_value (parameters, g_variant_n_children (parameters) - 1);
  g_autofree char *request = NULL;

  g_free (self->client);
  self->client = g_strdup (sender);
  if (g_str_equal (method, "OpenPipeWireRemote"))
    {
      open_remote (self, invocation);
      return;
    }

  request = make_path ("request", sender, options, "handle_token");
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
  if (g_str_equal (method, "CreateSession"))
    {
      open_session (self, options);
      respond (self, request, 0,
               g_variant_new_parsed ("{'session_handle': <%s>}", self->session));
    }
  else if (g_str_equal (method, "SelectSources"))
    {
      g_clear_pointer (&self->token, g_free);
      if (!g_variant_lookup (options, "restore_token", "s", &self->token))
        self->n_asked++;
      g_assert_true (g_variant_lookup (options, "persist_mode", "u", &self->persist_mode));
      g_assert_true (g_variant_lookup (options, "types", "u", &self->types));
      respond (self, request, 0, NULL);
    }
  else
    {
      g_free (self->parent);
      g_variant_get_child (parameters, 1, "s", &self->parent);
      if (self->answer < 3)
        respond (self, request, self->answer,
                 self->answer == 0 ? make_streams (self) : NULL);
    }
}

static GVariant *
on_property (GDBusConnection *bus,
             const char *sender,
             const char *path,
             const char *interface,
             const char *property,
             GError **error,
             gpointer data)
{
  MockPortal *self = data;

  if (g_str_equal (property, "version"))
    return g_variant_new_uint32 (4);
  if (g_str_equal (property, "AvailableSourceTypes"))
    return g_variant_new_uint32 (self->no_sources ? 0 : 3);
  return g_variant_new_uint32 (7);
}

static guint32
ask_bus (MockPortal *self,
         const char *method,
         GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
      arguments, G_VARIANT_TYPE ("(u)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  guint32 answer = 0;

  g_assert_no_error (error);
  g_variant_get (reply, "(u)", &answer);
  return answer;
}

/* The name is owned when this returns. */
void
mock_portal_open (MockPortal *self,
                  const char *address)
{
  static const GDBusInterfaceVTable vtable
      = { .method_call = on_call, .get_property = on_property };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (portal_xml, NULL);
  g_autoptr (GError) error = NULL;

  self->bus = g_dbus_connection_new_for_address_sync (
      address,
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  self->object = g_dbus_connection_register_object (self->bus, PORTAL_PATH, info->interfaces[0],
                                                    &vtable, self, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ask_bus (self, "RequestName", g_variant_new ("(su)", PORTAL_NAME, 0)), ==, 1);
}

/* As the menu of the desktop's own panel does. */
void
mock_portal_end (MockPortal *self)
{
  g_assert_nonnull (self->session);
  g_assert_true (g_dbus_connection_emit_signal (
      self->bus, self->client, self->session, "org.freedesktop.portal.Session", "Closed",
      g_variant_new ("(a{sv})", NULL), NULL));
  drop_session (self);
}

void
mock_portal_close (MockPortal *self)
{
  drop_session (self);
  g_dbus_connection_unregister_object (self->bus, self->object);
  /* else the bus might take the next portal for one that takes over from this one */
  g_assert_cmpuint (ask_bus (self, "ReleaseName", g_variant_new ("(s)", PORTAL_NAME)), ==, 1);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->client, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->parent, g_free);
}
