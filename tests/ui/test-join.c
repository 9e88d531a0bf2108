/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "alcove-error.h"
#include "alcove-join.h"
#include "alcove-launch.h"
#include "alcove-session.h"

static void
test_missing (void)
{
  g_autoptr (AlcoveJoin) join = alcove_join_new ();

  g_assert_nonnull (alcove_join_missing (join));
  join->name = g_strdup ("Lin");
  g_assert_nonnull (alcove_join_missing (join));
  join->room = g_strdup ("  ");
  g_assert_nonnull (alcove_join_missing (join));
  g_free (join->room);
  join->room = g_strdup ("调度 中心");
  g_assert_null (alcove_join_missing (join));
  join->where = ALCOVE_WHERE_SERVER;
  g_assert_nonnull (alcove_join_missing (join));
  join->server = g_strdup ("anything");
  g_assert_null (alcove_join_missing (join));
  g_free (join->name);
  join->name = g_strnfill (ALCOVE_JOIN_MAX_NAME + 1, 'x');
  g_assert_nonnull (alcove_join_missing (join));
}

static void
test_remember (void)
{
  const char *before[] = { "a", "b", "c", "d", "e", "f", NULL };
  const char *again[] = { "c", "a", "b", "d", "e", "f", NULL };
  const char *fresh[] = { "g", "a", "b", "c", "d", "e", NULL };
  g_auto (GStrv) first = alcove_join_remember (NULL, "a");
  g_auto (GStrv) moved = alcove_join_remember (before, "c");
  g_auto (GStrv) pushed = alcove_join_remember (before, "g");

  g_assert_cmpuint (g_strv_length (first), ==, 1);
  g_assert_cmpstrv (moved, again);
  g_assert_cmpstrv (pushed, fresh);
}

static void
test_settings (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  g_autofree char *room = g_settings_get_string (settings, "room");
  const char *const rooms[] = { "调度中心", "<b>", NULL };
  g_auto (GStrv) read = NULL;

  g_assert_cmpstr (room, ==, "alcove");
  g_assert_cmpint (g_settings_get_enum (settings, "where"), ==, ALCOVE_WHERE_THIS_COMPUTER);
  g_settings_set_enum (settings, "where", ALCOVE_WHERE_SERVER);
  g_assert_cmpint (g_settings_get_enum (settings, "where"), ==, ALCOVE_WHERE_SERVER);
  g_settings_set_strv (settings, "recent-rooms", rooms);
  read = g_settings_get_strv (settings, "recent-rooms");
  g_assert_cmpstrv (read, rooms);
}

static void
test_launch (void)
{
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_dict_insert (options, "server", "s", "ws://127.0.0.1:1");
  g_variant_dict_insert (options, "room", "s", "r");
  g_variant_dict_insert (options, "kiosk", "b", TRUE);
  g_variant_dict_insert (options, "role", "s", "dispatcher");
  launch = alcove_launch_new (options, &error);
  g_assert_no_error (error);
  g_assert_true (launch->given);
  g_assert_true (launch->join->persistent);
  g_assert_cmpint (launch->join->where, ==, ALCOVE_WHERE_SERVER);
  g_assert_cmpint (launch->join->role, ==, ALCOVE_ROLE_DISPATCHER);

  g_variant_dict_insert (options, "role", "s", "king");
  g_assert_null (alcove_launch_new (options, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
}

static void
test_size (void)
{
  int width, height;

  g_assert_true (alcove_launch_parse_size ("640x360", &width, &height));
  g_assert_cmpint (width, ==, 640);
  g_assert_cmpint (height, ==, 360);
  g_assert_false (alcove_launch_parse_size ("640", &width, &height));
  g_assert_false (alcove_launch_parse_size ("640x", &width, &height));
  g_assert_false (alcove_launch_parse_size ("640x360x2", &width, &height));
  g_assert_false (alcove_launch_parse_size ("-640x360", &width, &height));
  g_assert_false (alcove_launch_parse_size ("99999x360", &width, &height));
}

static void
failed_cb (AlcoveSession *session,
           const GError *error,
           guint seconds,
           gpointer data)
{
  GError **result = data;

  g_clear_error (result);
  *result = g_error_copy (error);
}

/* An address without scheme, and a bad port, are each told by their own sentence. */
static void
test_address (void)
{
  AlcoveHost *host = alcove_host_new ();
  AlcoveSession *session = alcove_session_new (host, NULL);
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  g_autoptr (GError) error = NULL;

  g_signal_connect (session, "failed", G_CALLBACK (failed_cb), &error);
  join->where = ALCOVE_WHERE_SERVER;
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("atrium");
  join->server = g_strdup ("example.org");
  alcove_session_join (session, join);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME);
  g_assert_null (alcove_session_get_room (session));

  g_free (join->server);
  join->server = g_strdup ("ws://example.org:99999/");
  alcove_session_join (session, join);
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_PORT);

  g_assert_finalize_object (session);
  g_assert_finalize_object (host);
}

static void
test_host (void)
{
  AlcoveHost *host = alcove_host_new ();
  AlcoveHost *other = alcove_host_new ();
  g_autoptr (GError) error = NULL;
  guint port;

  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_assert_no_error (error);
  port = alcove_host_get_port (host);
  g_assert_cmpuint (port, >, 0);

  /* asked again it stays, and another one finds a port of its own */
  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_assert_cmpuint (alcove_host_get_port (host), ==, port);
  g_assert_true (alcove_host_start (other, FALSE, &error));
  g_assert_cmpuint (alcove_host_get_port (other), !=, port);

  alcove_host_stop (host);
  g_assert_cmpuint (alcove_host_get_port (host), ==, 0);
  g_assert_finalize_object (host);
  g_assert_finalize_object (other);
}

/* The port that others are told before the room is open is the one that it opens at. */
static void
test_planned_port (void)
{
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GSocketAddress) usual
      = g_inet_socket_address_new_from_string ("127.0.0.1", ALCOVE_HOST_PORT);
  g_autoptr (GError) error = NULL;
  guint port;

  /* the usual one is taken, be it by us */
  g_socket_listener_add_address (other, usual, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 NULL, NULL);

  port = alcove_host_plan_port (host);
  g_assert_cmpuint (port, !=, 0);
  g_assert_cmpuint (port, !=, ALCOVE_HOST_PORT);
  g_assert_cmpuint (alcove_host_get_port (host), ==, 0);
  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (alcove_host_get_port (host), ==, port);
  g_assert_cmpuint (alcove_host_plan_port (host), ==, port);

  g_socket_listener_close (other);
  g_assert_finalize_object (host);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/join/missing", test_missing);
  g_test_add_func ("/ui/join/remember", test_remember);
  g_test_add_func ("/ui/settings", test_settings);
  g_test_add_func ("/ui/launch/options", test_launch);
  g_test_add_func ("/ui/launch/size", test_size);
  g_test_add_func ("/ui/session/address", test_address);
  g_test_add_func ("/ui/host", test_host);
  g_test_add_func ("/ui/host/planned-port", test_planned_port);

  return g_test_run ();
}
