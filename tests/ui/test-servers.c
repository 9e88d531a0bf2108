/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "alcove-certificate-dialog.h"
#include "alcove-error.h"
#include "alcove-fakes.h"
#include "alcove-lobby.h"
#include "alcove-preferences.h"
#include "alcove-protocols.h"
#include "alcove-saved-servers.h"
#include "alcove-server-chooser.h"
#include "alcove-server-dialog.h"
#include "alcove-server-fields.h"
#include "alcove-server-page.h"
#include "alcove-server-test.h"
#include "alcove-session.h"
#include "alcove-trust-settings.h"
#include "alcove-wall.h"
#include "alcove-window-private.h"

#define EXIT_SKIP 77
#define PATIENCE_MS 90000
#define SOME_FINGERPRINT                                                                            \
  "AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA"
#define SOME_ID "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n"

typedef gboolean (*Condition) (gpointer data);

static gboolean
patience_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_until (Condition condition,
            gpointer data)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (PATIENCE_MS, patience_cb, &late);

  while (!condition (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (late);
  g_source_remove (source);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static GSettings *
fresh_settings (void)
{
  static const char *const keys[] = { "servers", "certificates", "server", "protocol", "role",
                                      "own-id", "where", "name", "room" };
  GSettings *settings = g_settings_new (ALCOVE_APP_ID);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (settings, keys[i]);
  return settings;
}

static GtkWidget *
find_type (GtkWidget *widget,
           GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_type (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static guint
count_items (gpointer model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (model));
}

static void
test_saved (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  AlcoveSavedServers *servers = alcove_saved_servers_new (settings);
  AlcoveSavedServers *mirror = alcove_saved_servers_new (settings);
  g_autoptr (AlcoveSavedServer) one
      = alcove_saved_server_new (NULL, "调度 <b>", "dispatch", "ws://a", ALCOVE_ROLE_DISPATCHER, NULL);
  g_autoptr (AlcoveSavedServer) two
      = alcove_saved_server_new (NULL, "", "rtcmesh", "ws://b", ALCOVE_ROLE_MEMBER, SOME_ID);
  g_autoptr (AlcoveSavedServer) edited = NULL;
  g_autoptr (AlcoveSavedServer) read = NULL;

  g_assert_true (alcove_saved_servers_keep (servers, one));
  g_assert_true (alcove_saved_servers_keep (servers, two));
  g_assert_cmpuint (count_items (mirror), ==, 2);
  read = g_list_model_get_item (G_LIST_MODEL (mirror), 0);
  g_assert_cmpstr (alcove_saved_server_get_name (read), ==, "调度 <b>");
  g_assert_cmpint (alcove_saved_server_get_role (read), ==, ALCOVE_ROLE_DISPATCHER);
  g_clear_object (&read);
  read = g_list_model_get_item (G_LIST_MODEL (mirror), 1);
  g_assert_cmpstr (alcove_saved_server_get_name (read), ==, "ws://b");
  g_assert_cmpstr (alcove_saved_server_get_id (read), ==, SOME_ID);

  /* an edited one keeps its place */
  edited = alcove_saved_server_new (alcove_saved_server_get_key (one), "one", "skyrtc", "ws://c",
                                    ALCOVE_ROLE_MEMBER, NULL);
  g_assert_true (alcove_saved_servers_keep (mirror, edited));
  g_assert_cmpuint (count_items (servers), ==, 2);
  g_clear_object (&read);
  read = g_list_model_get_item (G_LIST_MODEL (servers), 0);
  g_assert_cmpstr (alcove_saved_server_get_address (read), ==, "ws://c");

  alcove_saved_servers_remove (servers, alcove_saved_server_get_key (one));
  alcove_saved_servers_remove (servers, "nothing");
  g_assert_cmpuint (count_items (mirror), ==, 1);

  /* what anything may have written there */
  g_settings_set_value (settings, "servers",
                        g_variant_new_parsed ("[{'key': <'k'>, 'protocol': <'sip'>, 'address': <'x'>},"
                                              " {'key': <1>}, {},"
                                              " {'key': <'k'>, 'protocol': <'skyrtc'>,"
                                              "  'address': <'ws://d'>, 'role': <7>}]"));
  g_assert_cmpuint (count_items (servers), ==, 1);

  for (guint i = 0; i < ALCOVE_SAVED_SERVERS_MAX + 1; i++)
    {
      g_autoptr (AlcoveSavedServer) server
          = alcove_saved_server_new (NULL, "x", "skyrtc", "ws://x", ALCOVE_ROLE_MEMBER, NULL);

      alcove_saved_servers_keep (servers, server);
    }
  g_assert_cmpuint (count_items (servers), ==, ALCOVE_SAVED_SERVERS_MAX);

  g_assert_finalize_object (servers);
  g_assert_finalize_object (mirror);
}

static void
test_trust (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  AlcoveTrust *trust = alcove_trust_settings_new (settings);
  AlcoveTrust *mirror = alcove_trust_settings_new (settings);
  g_autoptr (AlcoveTrustEntry) entry
      = alcove_trust_entry_new ("h", 443, SOME_FINGERPRINT, G_TLS_CERTIFICATE_EXPIRED);
  g_autoptr (AlcoveTrustEntry) read = NULL;

  alcove_trust_add (trust, entry);
  read = g_list_model_get_item (G_LIST_MODEL (mirror), 0);
  g_assert_true (alcove_trust_entry_equal (read, entry));
  g_assert_cmpint (alcove_trust_entry_get_problems (read), ==, G_TLS_CERTIFICATE_EXPIRED);

  alcove_trust_remove (mirror, read);
  g_assert_cmpuint (count_items (trust), ==, 0);

  g_settings_set_value (settings, "certificates",
                        g_variant_new_parsed ("[('h', uint32 1, 'no fingerprint', uint32 0)]"));
  g_assert_cmpuint (count_items (trust), ==, 0);

  g_assert_finalize_object (trust);
  g_assert_finalize_object (mirror);
}

/* Each protocol fills in its own port and path, and asks for what it needs and no more. */
static void
test_fields (void)
{
  AlcoveServerFields *fields
      = g_object_ref_sink (g_object_new (ALCOVE_TYPE_SERVER_FIELDS, NULL));
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);

  for (gsize i = 0; i < n_protocols; i++)
    {
      g_autofree char *complete
          = alcove_protocols_complete_address (protocols[i].id, "ws://h", NULL);
      g_autofree char *port = g_strdup_printf ("example.org:%u%s", protocols[i].default_port,
                                               protocols[i].default_path);
      g_autofree char *id = NULL;
      g_autoptr (GError) error = NULL;

      alcove_server_fields_fill (fields, protocols[i].id, "", ALCOVE_ROLE_DISPATCHER, SOME_ID);
      g_assert_cmpstr (alcove_server_fields_get_protocol (fields), ==, protocols[i].id);
      g_assert_nonnull (strstr (alcove_server_fields_get_note (fields), port));
      alcove_server_fields_fill (fields, NULL, " ws://h ", ALCOVE_ROLE_DISPATCHER, SOME_ID);
      g_assert_nonnull (strstr (alcove_server_fields_get_note (fields), complete));
      g_assert_cmpint (alcove_server_fields_get_role (fields), ==,
                       protocols[i].has_roles ? ALCOVE_ROLE_DISPATCHER : ALCOVE_ROLE_MEMBER);
      id = alcove_server_fields_dup_id (fields);
      g_assert_cmpstr (id, ==, protocols[i].id_hint != NULL ? SOME_ID : "");

      /* one that is not in yet is said to be so */
      g_assert_cmpint (alcove_server_fields_check (fields, &error), ==,
                       protocols[i].new_signaller != NULL);
      if (protocols[i].new_signaller == NULL)
        g_assert_nonnull (strstr (error->message, protocols[i].title));
    }
  g_assert_finalize_object (fields);
}

static void
test_lobby (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  g_autoptr (AlcoveSavedServers) servers = alcove_saved_servers_new (settings);
  g_autoptr (AlcoveSavedServer) centre = alcove_saved_server_new (
      NULL, "Centre <b> & co", "dispatch", "ws://centre", ALCOVE_ROLE_DISPATCHER, NULL);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  g_autoptr (AlcoveJoin) read = NULL;
  AlcoveLobby *lobby;
  AdwComboRow *row;
  GtkWidget *chooser;

  alcove_saved_servers_keep (servers, centre);
  lobby = ALCOVE_LOBBY (g_object_ref_sink (alcove_lobby_new (settings, devices, host)));
  chooser = find_type (GTK_WIDGET (lobby), ALCOVE_TYPE_SERVER_CHOOSER);
  row = ADW_COMBO_ROW (find_type (chooser, ADW_TYPE_COMBO_ROW));
  join->where = ALCOVE_WHERE_SERVER;
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("r");
  alcove_lobby_fill (lobby, join);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 1);
  g_assert_true (gtk_widget_get_visible (find_type (chooser, ALCOVE_TYPE_SERVER_FIELDS)));

  /* a kept one brings all that its protocol needs */
  adw_combo_row_set_selected (row, 0);
  g_assert_false (gtk_widget_get_visible (find_type (chooser, ALCOVE_TYPE_SERVER_FIELDS)));
  read = alcove_lobby_dup_join (lobby);
  g_assert_cmpstr (read->server, ==, "ws://centre");
  g_assert_cmpstr (read->protocol, ==, "dispatch");
  g_assert_cmpint (read->role, ==, ALCOVE_ROLE_DISPATCHER);
  g_assert_null (alcove_join_missing (read));
  alcove_lobby_save (lobby);
  g_assert_cmpint (g_settings_get_enum (settings, "role"), ==, ALCOVE_ROLE_DISPATCHER);

  /* an invitation to elsewhere is another address, and its guest no dispatcher */
  join->server = g_strdup ("ws://centre");
  join->protocol = g_strdup ("dispatch");
  alcove_lobby_fill (lobby, join);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 1);
  g_clear_pointer (&read, alcove_join_free);
  read = alcove_lobby_dup_join (lobby);
  g_assert_cmpint (read->role, ==, ALCOVE_ROLE_MEMBER);

  /* what the preferences choose shows at once, and a server that is gone leaves its address */
  join->role = ALCOVE_ROLE_DISPATCHER;
  alcove_lobby_fill (lobby, join);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  alcove_saved_servers_remove (servers, alcove_saved_server_get_key (centre));
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_true (gtk_widget_get_visible (find_type (chooser, ALCOVE_TYPE_SERVER_FIELDS)));
  g_clear_pointer (&read, alcove_join_free);
  read = alcove_lobby_dup_join (lobby);
  g_assert_cmpstr (read->server, ==, "ws://centre");

  /* on this computer nothing of it counts */
  join->where = ALCOVE_WHERE_THIS_COMPUTER;
  join->role = ALCOVE_ROLE_MEMBER;
  alcove_lobby_fill (lobby, join);
  g_clear_pointer (&read, alcove_join_free);
  read = alcove_lobby_dup_join (lobby);
  g_assert_null (read->protocol);

  g_assert_finalize_object (lobby);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
}

typedef struct {
  gboolean done;
  char *text;
  GError *error;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_free (outcome->text);
  g_clear_error (&outcome->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outcome, outcome_clear)

static void
outcome_cb (GObject *source,
            GAsyncResult *result,
            gpointer data)
{
  Outcome *outcome = data;

  outcome->text = alcove_server_test_finish (result, &outcome->error);
  outcome->done = TRUE;
}

static gboolean
is_done (gpointer data)
{
  return ((Outcome *) data)->done;
}

/* Really connects, in every protocol that both sides speak. */
static void
test_connection (void)
{
  AlcoveHost *host = alcove_host_new ();
  g_autoptr (GError) error = NULL;
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);
  g_autofree char *uri = NULL;
  guint port;

  g_assert_true (alcove_host_start (host, FALSE, &error));
  port = alcove_host_get_port (host);
  uri = g_strdup_printf ("ws://127.0.0.1:%u", port);
  for (gsize i = 0; i < n_protocols; i++)
    {
      g_auto (Outcome) outcome = { 0 };

      if (protocols[i].new_signaller == NULL || protocols[i].new_dialect == NULL)
        continue;
      alcove_server_test_async (protocols[i].id, uri, NULL, NULL, outcome_cb, &outcome);
      wait_until (is_done, &outcome);
      g_assert_no_error (outcome.error);
      g_test_message ("%s", outcome.text);
      g_assert_true (g_str_has_prefix (outcome.text, protocols[i].title));
      g_assert_nonnull (strstr (outcome.text, "not encrypted"));
    }

  {
    g_auto (Outcome) outcome = { 0 };
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();

    alcove_server_test_async ("skyrtc", uri, NULL, cancellable, outcome_cb, &outcome);
    g_cancellable_cancel (cancellable);
    wait_until (is_done, &outcome);
    g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }

  alcove_host_stop (host);
  g_assert_finalize_object (host);
  {
    g_auto (Outcome) outcome = { 0 };

    alcove_server_test_async ("skyrtc", uri, NULL, NULL, outcome_cb, &outcome);
    wait_until (is_done, &outcome);
    g_assert_error (outcome.error, ALCOVE_ERROR, ALCOVE_ERROR_REFUSED);
  }
  {
    g_auto (Outcome) outcome = { 0 };

    alcove_server_test_async ("skyrtc", "nowhere", NULL, NULL, outcome_cb, &outcome);
    wait_until (is_done, &outcome);
    g_assert_error (outcome.error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME);
  }
}

static void
message_cb (SoupWebsocketConnection *connection,
            int type,
            GBytes *bytes,
            gpointer data)
{
  if (g_strstr_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), "__join")
      != NULL)
    soup_websocket_connection_send_text (
        connection, "{\"eventName\":\"_peers\",\"data\":{\"connections\":[],\"you\":\"me\"}}");
}

static void
websocket_cb (SoupServer *server,
              SoupServerMessage *message,
              const char *path,
              SoupWebsocketConnection *connection,
              gpointer data)
{
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), NULL);
  g_ptr_array_add (data, g_object_ref (connection));
}

/* The least of a SkyRTC server, over TLS with a certificate that nobody has signed. */
static SoupServer *
new_tls_server (const char *certificate,
                guint port,
                GPtrArray *connections)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tls", certificate, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) loaded = g_tls_certificate_new_from_file (path, &error);
  SoupServer *server = soup_server_new (NULL, NULL);

  g_assert_no_error (error);
  soup_server_set_tls_certificate (server, loaded);
  soup_server_add_websocket_handler (server, "/", NULL, NULL, websocket_cb, connections, NULL);
  soup_server_listen_local (server, port, SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS,
                            &error);
  g_assert_no_error (error);
  return server;
}

static gboolean
has_tested (gpointer data)
{
  return !alcove_server_dialog_is_testing (data);
}

static GtkWidget *
find_window (GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *i = windows; i != NULL; i = i->next)
    if (G_TYPE_CHECK_INSTANCE_TYPE (i->data, type))
      return i->data;
  return NULL;
}

static void
saved_cb (AlcoveSavedServers *servers,
          AlcoveSavedServer *server)
{
  alcove_saved_servers_keep (servers, server);
}

/* The whole way of a person: try, look at the certificate, accept it, try again, save; then the
 * server shows another certificate, and is not trusted. */
static void
test_dialog (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  g_autoptr (AlcoveSavedServers) servers = alcove_saved_servers_new (settings);
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  AlcoveTrust *trust = alcove_trust_settings_new (settings);
  SoupServer *server = new_tls_server ("self-signed.pem", 0, connections);
  GSList *uris = soup_server_get_uris (server);
  guint port = g_uri_get_port (uris->data);
  g_autofree char *address = g_strdup_printf ("wss://127.0.0.1:%u", port);
  g_autoptr (AlcoveSavedServer) draft
      = alcove_saved_server_new (NULL, NULL, "skyrtc", address, ALCOVE_ROLE_MEMBER, NULL);
  g_autoptr (AlcoveSavedServer) kept = NULL;
  AlcoveServerDialog *dialog
      = ALCOVE_SERVER_DIALOG (alcove_server_dialog_new (NULL, trust, draft, FALSE));
  GtkWidget *question;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_object_ref (dialog);
  g_signal_connect_swapped (dialog, "saved", G_CALLBACK (saved_cb), servers);
  gtk_window_present (GTK_WINDOW (dialog));

  alcove_server_dialog_test (dialog);
  g_assert_true (alcove_server_dialog_is_testing (dialog));
  wait_until (has_tested, dialog);
  g_assert_nonnull (strstr (alcove_server_dialog_get_result (dialog), "nobody this computer trusts"));

  gtk_widget_activate_action (GTK_WIDGET (dialog), "server.certificate", NULL);
  question = find_window (ALCOVE_TYPE_CERTIFICATE_DIALOG);
  g_assert_nonnull (question);
  gtk_widget_activate_action (question, "certificate.accept", NULL);
  wait_until (has_tested, dialog);
  g_assert_true (g_str_has_prefix (alcove_server_dialog_get_result (dialog), "SkyRTC answered"));
  g_assert_nonnull (strstr (alcove_server_dialog_get_result (dialog), "accepted"));
  g_assert_cmpuint (count_items (trust), ==, 1);

  g_ptr_array_set_size (connections, 0);
  soup_server_disconnect (server);
  g_object_unref (server);
  server = new_tls_server ("renewed.pem", port, connections);
  alcove_server_dialog_test (dialog);
  wait_until (has_tested, dialog);
  g_assert_nonnull (strstr (alcove_server_dialog_get_result (dialog), "nobody this computer trusts"));

  alcove_server_dialog_save (dialog);
  kept = g_list_model_get_item (G_LIST_MODEL (servers), 0);
  g_assert_cmpstr (alcove_saved_server_get_address (kept), ==, address);
  settle ();
  g_assert_null (find_window (ALCOVE_TYPE_SERVER_DIALOG));
  g_assert_finalize_object (dialog);
  g_assert_finalize_object (trust);
  soup_server_disconnect (server);
  g_object_unref (server);
}

static gboolean
is_in_room (gpointer data)
{
  AlcoveWindow *window = data;
  AlcoveRoom *room = alcove_session_get_room (window->session);

  return room != NULL && alcove_room_get_state (room) == ALCOVE_ROOM_JOINED;
}

static gboolean
has_asked (gpointer data)
{
  return ((AlcoveWindow *) data)->asked != NULL;
}

static gboolean
has_error (gpointer data)
{
  return alcove_lobby_get_error (((AlcoveWindow *) data)->lobby) != NULL;
}

static void
accept_certificate (AlcoveWindow *window)
{
  GtkWidget *question;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-certificate", NULL);
  question = find_window (ALCOVE_TYPE_CERTIFICATE_DIALOG);
  g_assert_nonnull (question);
  gtk_widget_activate_action (question, "certificate.accept", NULL);
}

/* From the lobby, and in a room whose server comes back with another certificate. */
static void
test_window (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  AlcoveDevices *devices = alcove_devices_new ();
  AlcoveHost *host = alcove_host_new ();
  SoupServer *server = new_tls_server ("self-signed.pem", 0, connections);
  GSList *uris = soup_server_get_uris (server);
  guint port = g_uri_get_port (uris->data);
  g_autoptr (GVariantDict) options = g_variant_dict_new (NULL);
  g_autoptr (AlcoveLaunch) launch = NULL;
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  AlcoveWindow *window;
  gpointer gone;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_variant_dict_insert (options, "video", "s", "none");
  g_variant_dict_insert (options, "audio", "s", "none");
  g_variant_dict_insert (options, "playout", "s", "none");
  launch = alcove_launch_new (options, NULL);
  window = ALCOVE_WINDOW (alcove_window_new (NULL, settings, devices, host, launch));
  gone = window;
  g_object_add_weak_pointer (G_OBJECT (window), &gone);
  gtk_window_present (GTK_WINDOW (window));

  join->where = ALCOVE_WHERE_SERVER;
  join->protocol = g_strdup ("skyrtc");
  join->server = g_strdup_printf ("wss://127.0.0.1:%u", port);
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("r");
  alcove_window_join (window, join);
  wait_until (has_error, window);
  g_assert_null (window->asked);
  accept_certificate (window);
  wait_until (is_in_room, window);
  g_assert_cmpuint (count_items (window->trust), ==, 1);

  for (guint i = 0; i < connections->len; i++)
    soup_websocket_connection_close (connections->pdata[i], SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  g_ptr_array_set_size (connections, 0);
  soup_server_disconnect (server);
  g_object_unref (server);
  server = new_tls_server ("renewed.pem", port, connections);
  wait_until (has_asked, window);
  accept_certificate (window);
  wait_until (is_in_room, window);
  g_assert_cmpuint (count_items (window->trust), ==, 2);

  gtk_window_close (GTK_WINDOW (window));
  while (gone != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_finalize_object (host);
  g_assert_finalize_object (devices);
  soup_server_disconnect (server);
  g_object_unref (server);
}

/* What can't be used is said, and not saved. */
static void
test_bad_dialog (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  g_autoptr (AlcoveSavedServers) servers = alcove_saved_servers_new (settings);
  g_autoptr (AlcoveTrust) trust = alcove_trust_settings_new (settings);
  g_autoptr (AlcoveSavedServer) draft
      = alcove_saved_server_new (NULL, NULL, "rtcmesh", "ws://h", ALCOVE_ROLE_MEMBER, "short");
  AlcoveServerDialog *dialog
      = ALCOVE_SERVER_DIALOG (alcove_server_dialog_new (NULL, trust, draft, FALSE));

  g_object_ref (dialog);
  g_signal_connect_swapped (dialog, "saved", G_CALLBACK (saved_cb), servers);
  gtk_window_present (GTK_WINDOW (dialog));
  alcove_server_dialog_save (dialog);
  g_assert_nonnull (strstr (alcove_server_dialog_get_result (dialog), "short"));
  g_assert_cmpuint (count_items (servers), ==, 0);
  alcove_server_dialog_test (dialog);
  g_assert_false (alcove_server_dialog_is_testing (dialog));

  /* closed in the middle of a test */
  alcove_server_fields_fill (
      ALCOVE_SERVER_FIELDS (find_type (GTK_WIDGET (dialog), ALCOVE_TYPE_SERVER_FIELDS)), "skyrtc",
      "ws://127.0.0.1:1", ALCOVE_ROLE_MEMBER, NULL);
  g_assert_cmpstr (alcove_server_dialog_get_result (dialog), ==, "");
  alcove_server_dialog_test (dialog);
  gtk_window_close (GTK_WINDOW (dialog));
  settle ();
  g_assert_finalize_object (dialog);
}

static void
test_preferences (void)
{
  g_autoptr (GSettings) settings = fresh_settings ();
  AlcoveDevices *devices = alcove_devices_new ();
  GtkWidget *preferences = alcove_preferences_new (settings, devices);
  AlcoveServerPage *page
      = ALCOVE_SERVER_PAGE (find_type (preferences, ALCOVE_TYPE_SERVER_PAGE));
  g_autoptr (AlcoveSavedServer) one
      = alcove_saved_server_new (NULL, "one", "skyrtc", "ws://a", ALCOVE_ROLE_MEMBER, NULL);
  g_autoptr (AlcoveSavedServer) two
      = alcove_saved_server_new (NULL, "two", "rtcmesh", "ws://b", ALCOVE_ROLE_MEMBER, SOME_ID);
  g_autoptr (AlcoveTrustEntry) entry
      = alcove_trust_entry_new ("h", 443, SOME_FINGERPRINT, G_TLS_CERTIFICATE_UNKNOWN_CA);
  g_autofree char *id = NULL;
  g_autofree char *server = NULL;
  GtkWidget *mark;

  alcove_saved_servers_keep (alcove_server_page_get_servers (page), one);
  alcove_saved_servers_keep (alcove_server_page_get_servers (page), two);
  mark = find_type (GTK_WIDGET (page), GTK_TYPE_CHECK_BUTTON);
  g_assert_false (gtk_check_button_get_active (GTK_CHECK_BUTTON (mark)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (mark), TRUE);
  server = g_settings_get_string (settings, "server");
  g_assert_cmpstr (server, ==, "ws://a");
  g_assert_cmpint (g_settings_get_enum (settings, "where"), ==, ALCOVE_WHERE_SERVER);

  gtk_widget_activate_action (GTK_WIDGET (page), "servers.remove", "s",
                              alcove_saved_server_get_key (one));
  mark = find_type (GTK_WIDGET (page), GTK_TYPE_CHECK_BUTTON);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (mark), TRUE);
  id = g_settings_get_string (settings, "own-id");
  g_assert_cmpstr (id, ==, SOME_ID);

  alcove_trust_add (alcove_server_page_get_trust (page), entry);
  gtk_widget_activate_action (GTK_WIDGET (page), "servers.forget", "u", 0);
  g_assert_cmpuint (count_items (alcove_server_page_get_trust (page)), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (page), "servers.forget", "u", 7);

  gtk_widget_activate_action (GTK_WIDGET (page), "servers.edit", "s",
                              alcove_saved_server_get_key (two));
  g_assert_nonnull (find_window (ALCOVE_TYPE_SERVER_DIALOG));
  gtk_window_destroy (GTK_WINDOW (find_window (ALCOVE_TYPE_SERVER_DIALOG)));
  gtk_widget_activate_action (GTK_WIDGET (page), "servers.add", NULL);
  g_assert_nonnull (find_window (ALCOVE_TYPE_SERVER_DIALOG));
  gtk_window_destroy (GTK_WINDOW (find_window (ALCOVE_TYPE_SERVER_DIALOG)));

  gtk_window_destroy (GTK_WINDOW (preferences));
  g_assert_finalize_object (devices);
}

/* A wall says why it still waits. */
static void
test_wall (void)
{
  AlcoveSignaller *signaller = g_object_new (FAKE_TYPE_SIGNALLER, NULL);
  FakeFactory *factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  AlcoveRoom *room = alcove_room_new (signaller, ALCOVE_PEER_LINK_FACTORY (factory), "r", "Lin",
                                      ALCOVE_ROLE_MEMBER);
  AlcoveWall *wall = ALCOVE_WALL (g_object_ref_sink (alcove_wall_new ()));
  g_autoptr (GError) refused
      = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_REFUSED, "Nobody listens there.");
  g_autoptr (GError) late = g_error_new_literal (ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT, "No answer.");

  alcove_wall_set_room (wall, room);
  alcove_room_join (room);
  g_assert_null (strstr (alcove_wall_get_text (wall), "listens"));
  alcove_signaller_emit_disconnected (signaller, refused);
  g_assert_nonnull (strstr (alcove_wall_get_text (wall), "Nobody listens there."));
  g_assert_nonnull (strstr (alcove_wall_get_text (wall), "Trying again"));
  alcove_signaller_emit_disconnected (signaller, late);
  g_assert_nonnull (strstr (alcove_wall_get_text (wall), "No answer."));
  alcove_signaller_emit_joined (signaller, "self");
  g_assert_null (alcove_room_get_trouble (room));
  g_assert_null (strstr (alcove_wall_get_text (wall), "No answer."));
  alcove_signaller_emit_disconnected (signaller, refused);
  g_assert_nonnull (strstr (alcove_wall_get_text (wall), "Nobody listens there."));
  alcove_signaller_emit_joined (signaller, "self");
  alcove_signaller_emit_reconnected (signaller);
  g_assert_null (strstr (alcove_wall_get_text (wall), "Nobody listens there."));

  alcove_wall_set_room (wall, NULL);
  alcove_room_leave (room);
  settle ();
  g_assert_finalize_object (wall);
  g_assert_finalize_object (room);
  g_assert_finalize_object (factory);
  g_assert_finalize_object (signaller);
}

static void
joined_cb (AlcoveSession *session,
           gpointer data)
{
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static gboolean
has_left (gpointer data)
{
  return !alcove_session_get_leaving (data);
}

/* The link of a dispatcher makes a guest, and carries the complete address. */
static void
test_invitation (void)
{
  AlcoveHost *host = alcove_host_new ();
  FakeFactory *factory = g_object_new (FAKE_TYPE_FACTORY, NULL);
  AlcoveSession *session = alcove_session_new (host, ALCOVE_PEER_LINK_FACTORY (factory));
  g_autoptr (AlcoveJoin) join = alcove_join_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *link = NULL;
  g_autofree char *expected = NULL;
  gboolean joined = FALSE;

  g_assert_true (alcove_host_start (host, FALSE, &error));
  g_signal_connect (session, "joined", G_CALLBACK (joined_cb), &joined);
  join->where = ALCOVE_WHERE_SERVER;
  join->protocol = g_strdup ("dispatch");
  join->server = g_strdup_printf ("ws://127.0.0.1:%u", alcove_host_get_port (host));
  join->name = g_strdup ("Lin");
  join->room = g_strdup ("r");
  join->role = ALCOVE_ROLE_DISPATCHER;
  alcove_session_join (session, join);
  wait_until (is_true, &joined);

  link = alcove_session_dup_invitation (session);
  expected = g_strdup_printf ("alcove:join?protocol=dispatch&server=ws%%3A%%2F%%2F127.0.0.1%%3A%u"
                              "%%2Fws&room=r&role=member",
                              alcove_host_get_port (host));
  g_assert_cmpstr (link, ==, expected);

  alcove_session_leave (session);
  wait_until (has_left, session);
  g_assert_finalize_object (session);
  g_assert_finalize_object (factory);
  alcove_host_stop (host);
  g_assert_finalize_object (host);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!gtk_init_check ())
    return EXIT_SKIP;
  adw_init ();
  /* AdwFlap of libadwaita 1.2 now and then comes upon a width that is no number on its way */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);

  g_test_add_func ("/ui/servers/saved", test_saved);
  g_test_add_func ("/ui/servers/trust", test_trust);
  g_test_add_func ("/ui/servers/fields", test_fields);
  g_test_add_func ("/ui/servers/lobby", test_lobby);
  g_test_add_func ("/ui/servers/connection", test_connection);
  g_test_add_func ("/ui/servers/dialog", test_dialog);
  g_test_add_func ("/ui/servers/bad-dialog", test_bad_dialog);
  g_test_add_func ("/ui/servers/window", test_window);
  g_test_add_func ("/ui/servers/preferences", test_preferences);
  g_test_add_func ("/ui/servers/wall", test_wall);
  g_test_add_func ("/ui/servers/invitation", test_invitation);

  return g_test_run ();
}
