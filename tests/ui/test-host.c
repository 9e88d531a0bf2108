/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>

#include "alcove-host.h"
#include "alcove-preferences.h"

#define EXIT_SKIP 77
#define SITE "https://rooms.example.org"
#define OTHER_SITE "https://example.com:8443"

typedef struct {
  gboolean done;
  guint status;
} Answer;

static void
connected_cb (GObject *source,
              GAsyncResult *result,
              gpointer data)
{
  Answer *answer = data;
  g_autoptr (SoupWebsocketConnection) websocket
      = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, NULL);

  answer->done = TRUE;
}

/* What the host answers to a page of @origin that wants to join. */
static guint
knock (AlcoveHost *host,
       const char *origin)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *uri = alcove_host_dup_uri (host);
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, uri);
  Answer answer = { 0 };

  soup_session_websocket_connect_async (session, message, origin, NULL, G_PRIORITY_DEFAULT, NULL,
                                        connected_cb, &answer);
  while (!answer.done)
    g_main_context_iteration (NULL, TRUE);
  return soup_message_get_status (message);
}

static void
test_origins (void)
{
  AlcoveHost *host = alcove_host_new ();
  const char *const site[] = { SITE, NULL };
  const char *const any[] = { "*", NULL };
  g_autoptr (GError) error = NULL;

  /* before it listens, and while it does */
  alcove_host_set_allowed_origins (host, site);
  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);
  g_assert_cmpuint (knock (host, OTHER_SITE), ==, SOUP_STATUS_FORBIDDEN);

  alcove_host_set_allowed_origins (host, any);
  g_assert_cmpuint (knock (host, OTHER_SITE), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);

  alcove_host_set_allowed_origins (host, NULL);
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_FORBIDDEN);
  g_assert_cmpuint (knock (host, "http://localhost:8080"), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);

  alcove_host_stop (host);
  g_assert_finalize_object (host);
}

static GtkWidget *
find_row (GtkWidget *widget,
          const char *title)
{
  if (ADW_IS_ENTRY_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
apply (GtkWidget *row,
       const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

static void
test_preferences (void)
{
  g_autoptr (GSettings) settings = g_settings_new (ALCOVE_APP_ID);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  GtkWidget *preferences = alcove_preferences_new (settings, devices);
  GtkWidget *row = find_row (preferences, "Websites Let In");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (row);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, "");
  g_settings_bind (settings, "allowed-origins", host, "allowed-origins", G_SETTINGS_BIND_GET);
  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_FORBIDDEN);

  /* the address of a page does, and what was understood is shown */
  apply (row, " HTTPS://Rooms.Example.org/atrium?x ,  " OTHER_SITE);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, SITE " " OTHER_SITE);
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);
  g_assert_cmpuint (knock (host, OTHER_SITE), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);

  /* nothing is taken of what is half wrong, and nothing is lost of it either */
  apply (row, OTHER_SITE " <rooms>");
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, OTHER_SITE " <rooms>");
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_SWITCHING_PROTOCOLS);

  apply (row, "");
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_cmpuint (knock (host, SITE), ==, SOUP_STATUS_FORBIDDEN);

  gtk_window_destroy (GTK_WINDOW (preferences));
  alcove_host_stop (host);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();

  g_test_add_func ("/ui/host/origins", test_origins);
  g_test_add_func ("/ui/host/preferences", test_preferences);

  return g_test_run ();
}
