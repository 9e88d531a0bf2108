/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-trust.h"
#include "far-sides.h"
#include "watch.h"

#define SOME_FINGERPRINT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const greeting[]
    = { "0{\"sid\":\"s\",\"upgrades\":[],\"pingInterval\":9000,\"pingTimeout\":9000}", "40", NULL };

typedef Watch *(*NewWatch) (const char *uri);

static char *
fingerprint_of (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tls", name, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);

  g_assert_no_error (error);
  return alcove_trust_fingerprint_of (certificate);
}

static Server *
serve (const char *certificate,
       guint port)
{
  Server *server = server_new ();

  server->greeting = greeting;
  server_listen_tls (server, certificate, port);
  return server;
}

static void
assert_refused (NewWatch new_watch,
                const char *uri,
                AlcoveTrust *trust)
{
  Watch *watch = new_watch (uri);

  if (trust != NULL)
    alcove_trust_clear_refused (trust);
  alcove_transport_set_trust (watch->transport, trust);
  alcove_transport_open (watch->transport);
  wait_for (&watch->failed, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TLS);
  g_assert_cmpuint (watch->opened, ==, 0);
  watch_free (watch);
}

static void
assert_opens (NewWatch new_watch,
              const char *uri,
              AlcoveTrust *trust)
{
  Watch *watch = new_watch (uri);

  alcove_transport_set_trust (watch->transport, trust);
  alcove_transport_open (watch->transport);
  wait_for (&watch->opened, 1);
  close_and_free (watch);
}

/* Refused until it is accepted; then another server, another certificate at the same server,
 * and the same one after it was taken off the list are each refused anew. */
static void
test_exception (gconstpointer data)
{
  NewWatch new_watch = (NewWatch) data;
  g_autoptr (AlcoveTrust) trust = alcove_trust_new ();
  g_autofree char *fingerprint = fingerprint_of ("self-signed.pem");
  g_autofree char *renewed = fingerprint_of ("renewed.pem");
  Server *server = serve ("self-signed.pem", 0);
  Server *other = serve ("self-signed.pem", 0);
  g_autofree char *uri = server_uri (server, "/ws");
  g_autofree char *other_uri = server_uri (other, "/ws");
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr (AlcoveTrustEntry) entry = NULL;
  g_autofree char *text = NULL;
  guint port = g_uri_get_port (parsed);

  assert_refused (new_watch, uri, NULL);
  assert_refused (new_watch, uri, trust);
  g_set_object (&entry, alcove_trust_get_refused (trust));
  g_assert_nonnull (entry);
  g_assert_cmpstr (alcove_trust_entry_get_host (entry), ==, "127.0.0.1");
  g_assert_cmpuint (alcove_trust_entry_get_port (entry), ==, port);
  g_assert_cmpstr (alcove_trust_entry_get_fingerprint (entry), ==, fingerprint);
  g_assert_cmpint (alcove_trust_entry_get_problems (entry), ==, G_TLS_CERTIFICATE_UNKNOWN_CA);
  text = alcove_trust_entry_dup_problems_text (entry);
  g_assert_cmpstr (text, ==, "Nobody this computer trusts has signed it.");

  g_assert_false (alcove_trust_is_exception (trust, parsed));
  alcove_trust_add (trust, entry);
  alcove_trust_add (trust, entry);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trust)), ==, 1);
  g_assert_true (alcove_trust_is_exception (trust, parsed));
  assert_opens (new_watch, uri, trust);

  assert_refused (new_watch, other_uri, trust);
  g_assert_cmpuint (alcove_trust_entry_get_port (alcove_trust_get_refused (trust)), !=, port);

  server_free (server);
  server = serve ("renewed.pem", port);
  assert_refused (new_watch, uri, trust);
  g_assert_cmpstr (alcove_trust_entry_get_fingerprint (alcove_trust_get_refused (trust)), ==,
                   renewed);
  server_free (server);

  server = serve ("self-signed.pem", port);
  assert_opens (new_watch, uri, trust);
  alcove_trust_remove (trust, entry);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trust)), ==, 0);
  assert_refused (new_watch, uri, trust);

  server_free (server);
  server_free (other);
}

/* What a command line accepts holds wherever it shows up, and for nothing else. */
static void
test_fingerprint (gconstpointer data)
{
  NewWatch new_watch = (NewWatch) data;
  g_autoptr (AlcoveTrust) trust = alcove_trust_new ();
  g_autofree char *fingerprint = fingerprint_of ("wrong-name.pem");
  g_autofree char *lower = g_ascii_strdown (fingerprint, -1);
  Server *server = serve ("wrong-name.pem", 0);
  g_autofree char *uri = server_uri (server, "/ws");
  g_autoptr (GError) error = NULL;

  g_assert_true (alcove_trust_add_fingerprint (trust, SOME_FINGERPRINT, &error));
  assert_refused (new_watch, uri, trust);
  g_assert_true (alcove_trust_add_fingerprint (trust, lower, &error));
  assert_opens (new_watch, uri, trust);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trust)), ==, 0);
  server_free (server);
}

/* Each problem has its own sentence. */
static void
test_sentences (void)
{
  static const struct {
    const char *certificate;
    const char *sentence;
    const char *problem;
  } cases[] = {
    { "self-signed.pem", "nobody this computer trusts", "Nobody this computer trusts" },
    { "wrong-name.pem", "is for another name", "It is for another name." },
    { "expired.pem", "has expired", "It has expired." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlcoveTrust) trust = alcove_trust_new ();
      Server *server = serve (cases[i].certificate, 0);
      g_autofree char *uri = server_uri (server, "/ws");
      g_autofree char *problem = NULL;
      Watch *watch = watch_new (uri);

      alcove_transport_set_trust (watch->transport, trust);
      alcove_transport_open (watch->transport);
      wait_for (&watch->failed, 1);
      g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_TLS);
      g_assert_nonnull (strstr (watch->error->message, cases[i].sentence));
      problem = alcove_trust_entry_dup_problems_text (alcove_trust_get_refused (trust));
      g_assert_nonnull (strstr (problem, cases[i].problem));
      watch_free (watch);
      server_free (server);
    }
}

/* A server that wants a handshake over HTTP first: that way asks for the same exceptions. */
static void
test_polling (void)
{
  g_autoptr (AlcoveTrust) trust = alcove_trust_new ();
  g_autofree char *fingerprint = fingerprint_of ("self-signed.pem");
  Server *server = serve ("self-signed.pem", 0);
  g_autofree char *uri = server_uri (server, "/page");
  g_autoptr (GError) error = NULL;
  Watch *watch;

  assert_refused (watch_new_socketio, uri, trust);
  g_assert_true (alcove_trust_add_fingerprint (trust, fingerprint, &error));

  /* a WebSocket and a handshake over HTTP, for either version */
  watch = watch_new_socketio (uri);
  alcove_transport_set_trust (watch->transport, trust);
  alcove_transport_open (watch->transport);
  wait_for (&watch->failed, 1);
  g_assert_error (watch->error, ALCOVE_ERROR, ALCOVE_ERROR_NOT_WEBSOCKET);
  g_assert_cmpuint (server->pages, ==, 4);
  watch_free (watch);
  server_free (server);
}

static void
test_parse (void)
{
  static const char *const bad[] = { "", "ab", SOME_FINGERPRINT "0", SOME_FINGERPRINT "x",
                                     "SHA256:" SOME_FINGERPRINT, "AB-CD" };
  g_autoptr (AlcoveTrust) trust = alcove_trust_new ();
  g_autofree char *plain = alcove_trust_fingerprint_parse (SOME_FINGERPRINT);
  g_autofree char *again = alcove_trust_fingerprint_parse (plain);

  g_assert_true (g_str_has_prefix (plain, "01:23:45:67:89:AB:CD:EF:01:"));
  g_assert_cmpuint (strlen (plain), ==, 95);
  g_assert_cmpstr (again, ==, plain);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_trust_fingerprint_parse (bad[i]));
      g_assert_false (alcove_trust_add_fingerprint (trust, bad[i], &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
    }
}

static void
test_bound (void)
{
  g_autoptr (AlcoveTrust) trust = alcove_trust_new ();

  for (guint i = 0; i < ALCOVE_TRUST_MAX_ENTRIES + 2; i++)
    {
      g_autoptr (AlcoveTrustEntry) entry
          = alcove_trust_entry_new ("Example.ORG", i + 1, SOME_FINGERPRINT, 0);

      alcove_trust_add (trust, entry);
    }
  {
    g_autoptr (AlcoveTrustEntry) first = g_list_model_get_item (G_LIST_MODEL (trust), 0);
    g_autofree char *place = alcove_trust_entry_dup_place (first);

    g_assert_cmpstr (place, ==, "example.org:3");
  }
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trust)), ==, ALCOVE_TRUST_MAX_ENTRIES);
}

int
main (int argc,
      char **argv)
{
  websocket_test_init (&argc, &argv);
  g_test_add_data_func ("/trust/exception/websocket", watch_new, test_exception);
  g_test_add_data_func ("/trust/exception/socketio", watch_new_socketio, test_exception);
  g_test_add_data_func ("/trust/fingerprint/websocket", watch_new, test_fingerprint);
  g_test_add_data_func ("/trust/fingerprint/socketio", watch_new_socketio, test_fingerprint);
  g_test_add_func ("/trust/sentences", test_sentences);
  g_test_add_func ("/trust/polling", test_polling);
  g_test_add_func ("/trust/parse", test_parse);
  g_test_add_func ("/trust/bound", test_bound);
  return g_test_run ();
}
