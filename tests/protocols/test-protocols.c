/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-protocols.h"

#define PATIENCE_MS 90000
#define SOME_ID "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n"

static void
test_registry (void)
{
  static const char *const ids[] = { "skyrtc", "webrtcroom", "rtcmesh", "rtcsignal", "dispatch" };
  gsize n_protocols = 0;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);

  g_assert_cmpuint (n_protocols, ==, G_N_ELEMENTS (ids));
  for (gsize i = 0; i < n_protocols; i++)
    {
      g_assert_cmpstr (protocols[i].id, ==, ids[i]);
      g_assert_true (alcove_protocols_find (ids[i]) == &protocols[i]);
      g_assert_cmpuint (strlen (protocols[i].title), >, 0);
      g_assert_cmpuint (strlen (protocols[i].summary), >, 0);
      g_assert_cmpuint (protocols[i].default_port, >, 0);
      g_assert_true (*protocols[i].default_path == '/');
    }
  g_assert_null (alcove_protocols_find ("sip"));
  g_assert_null (alcove_protocols_find (NULL));
}

/* The port and path of the protocol's own server fill in what was left out. */
static void
test_address (void)
{
  static const struct {
    const char *id;
    const char *typed;
    const char *address;
  } cases[] = {
    { "skyrtc", "ws://h", "ws://h:8888/" },
    { "webrtcroom", "http://h", "ws://h:8443/socket.io/" },
    { "rtcmesh", " ws://h:1 ", "ws://h:1/uid/" },
    { "rtcsignal", "https://h", "wss://h/socket.io/" },
    { "dispatch", "ws://h/a?b=c", "ws://h:5678/a?b=c" },
  };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address
          = alcove_protocols_complete_address (cases[i].id, cases[i].typed, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (address, ==, cases[i].address);
    }
  g_assert_null (alcove_protocols_complete_address ("skyrtc", "h", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME);
  g_clear_error (&error);
  g_assert_null (alcove_protocols_complete_address ("sip", "ws://h", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
}

static void
test_new_signaller (void)
{
  g_autoptr (GError) error = NULL;
  gsize n_protocols;
  const AlcoveProtocol *protocols = alcove_protocols_list (&n_protocols);
  AlcoveSignaller *signaller;

  g_assert_null (alcove_protocols_new_signaller ("sip", "ws://h", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
  g_clear_error (&error);

  for (gsize i = 0; i < n_protocols; i++)
    {
      signaller = alcove_protocols_new_signaller (protocols[i].id, "ws://h", &error);
      if (protocols[i].new_signaller != NULL)
        {
          g_autoptr (AlcoveTrust) trust = alcove_trust_new ();

          g_assert_no_error (error);
          /* certificates that a person accepts reach whatever connects */
          g_assert_nonnull (alcove_signaller_get_transport (signaller));
          alcove_signaller_set_trust (signaller, trust);
          g_assert_true (alcove_transport_get_trust (alcove_signaller_get_transport (signaller))
                         == trust);

          /* an id can be chosen exactly where a person is asked for one */
          g_assert_true (alcove_signaller_set_id (signaller, "", &error));
          g_assert_true (alcove_signaller_set_id (signaller, NULL, &error));
          g_assert_cmpint (alcove_signaller_set_id (signaller, SOME_ID, &error), ==,
                           protocols[i].id_hint != NULL);
          if (protocols[i].id_hint == NULL)
            g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
          g_clear_error (&error);
          g_assert_finalize_object (signaller);
          continue;
        }
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED);
      g_assert_nonnull (strstr (error->message, protocols[i].title));
      g_clear_error (&error);
    }

  g_assert_null (alcove_protocols_new_signaller ("skyrtc", "host:8888", &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_NO_SCHEME);
  g_clear_error (&error);

  signaller = alcove_protocols_new_signaller ("skyrtc", "ws://host", &error);
  g_assert_no_error (error);
  g_assert_true ((alcove_signaller_get_features (signaller) & ALCOVE_SIGNALLER_ROSTER) != 0);
  g_assert_finalize_object (signaller);
}

/* A member of a real room, over real sockets. */
typedef struct {
  AlcoveSignaller *signaller;
  char *id;
  char *peer;
  char *sdp;
  char *mid;
  int mline_index;
  gboolean we_offer;
  gboolean was_here;
  guint joined;
  guint peers;
  guint descriptions;
  guint candidates;
  guint peers_left;
  guint left;
  guint failed;
  int code;
} Member;

static void
on_joined (Member *member,
           const char *id)
{
  g_free (member->id);
  member->id = g_strdup (id);
  member->joined++;
}

static void
on_peer_joined (Member *member,
                const char *id,
                const char *name,
                gboolean we_offer,
                gboolean was_here)
{
  g_free (member->peer);
  member->peer = g_strdup (id);
  member->we_offer = we_offer;
  member->was_here = was_here;
  member->peers++;
}

static void
on_description (Member *member,
                const char *id,
                int type,
                const char *sdp)
{
  g_assert_cmpstr (id, ==, member->peer);
  g_free (member->sdp);
  member->sdp = g_strdup (sdp);
  member->descriptions++;
}

static void
on_candidate (Member *member,
              const char *id,
              const char *mid,
              int mline_index,
              const char *candidate)
{
  g_assert_cmpstr (id, ==, member->peer);
  g_free (member->mid);
  member->mid = g_strdup (mid);
  member->mline_index = mline_index;
  member->candidates++;
}

static void
on_peer_left (Member *member,
              const char *id)
{
  g_assert_cmpstr (id, ==, member->peer);
  member->peers_left++;
}

static void
on_left (Member *member)
{
  member->left++;
}

static void
on_failed (Member *member,
           const GError *error)
{
  member->code = error->code;
  member->failed++;
}

static Member *
member_new (const char *protocol,
            guint port)
{
  Member *member = g_new0 (Member, 1);
  g_autofree char *server = g_strdup_printf ("ws://127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;

  member->signaller = alcove_protocols_new_signaller (protocol, server, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (member->signaller, "joined", G_CALLBACK (on_joined), member);
  g_signal_connect_swapped (member->signaller, "peer-joined", G_CALLBACK (on_peer_joined), member);
  g_signal_connect_swapped (member->signaller, "description", G_CALLBACK (on_description), member);
  g_signal_connect_swapped (member->signaller, "candidate", G_CALLBACK (on_candidate), member);
  g_signal_connect_swapped (member->signaller, "peer-left", G_CALLBACK (on_peer_left), member);
  g_signal_connect_swapped (member->signaller, "left", G_CALLBACK (on_left), member);
  g_signal_connect_swapped (member->signaller, "failed", G_CALLBACK (on_failed), member);
  return member;
}

static void
member_free (Member *member)
{
  g_signal_handlers_disconnect_by_data (member->signaller, member);
  g_assert_finalize_object (member->signaller);
  g_free (member->id);
  g_free (member->peer);
  g_free (member->sdp);
  g_free (member->mid);
  g_free (member);
}

static gboolean
on_patience (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for (const guint *counter,
          guint value)
{
  gboolean late = FALSE;
  guint source = g_timeout_add (PATIENCE_MS, on_patience, &late);

  while (*counter < value && !late)
    g_main_context_iteration (NULL, TRUE);

  g_assert_false (late);
  g_source_remove (source);
}

static void
test_room (void)
{
  AlcoveServer *server = alcove_protocols_new_server (NULL);
  g_autoptr (GError) error = NULL;
  Member *ada;
  Member *bob;

  alcove_server_listen (server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  ada = member_new ("skyrtc", alcove_server_get_port (server));
  bob = member_new ("skyrtc", alcove_server_get_port (server));

  alcove_signaller_connect (ada->signaller, "房间 1", "Ada", ALCOVE_ROLE_MEMBER);
  wait_for (&ada->joined, 1);
  alcove_signaller_connect (bob->signaller, "房间 1", "Bob", ALCOVE_ROLE_MEMBER);
  wait_for (&bob->peers, 1);
  wait_for (&ada->peers, 1);
  g_assert_true (bob->we_offer);
  g_assert_false (ada->we_offer);
  g_assert_cmpstr (bob->peer, ==, ada->id);
  g_assert_cmpstr (ada->peer, ==, bob->id);

  alcove_signaller_send_description (bob->signaller, bob->peer, ALCOVE_DESCRIPTION_OFFER, "v=0 ü");
  wait_for (&ada->descriptions, 1);
  g_assert_cmpstr (ada->sdp, ==, "v=0 ü");
  alcove_signaller_send_description (ada->signaller, ada->peer, ALCOVE_DESCRIPTION_ANSWER, "v=1");
  wait_for (&bob->descriptions, 1);
  alcove_signaller_send_candidate (ada->signaller, ada->peer, "video1", 1, "candidate:1");
  wait_for (&bob->candidates, 1);
  g_assert_cmpint (bob->mline_index, ==, 1);
  g_assert_cmpstr (bob->mid, ==, "video1");

  alcove_signaller_leave (bob->signaller);
  wait_for (&bob->left, 1);
  wait_for (&ada->peers_left, 1);
  alcove_signaller_leave (ada->signaller);
  wait_for (&ada->left, 1);
  g_assert_cmpuint (ada->failed + bob->failed, ==, 0);

  member_free (ada);
  member_free (bob);
  alcove_server_stop (server);
  g_object_unref (server);
}

/* In each protocol the first hears of somebody who comes, and the second of somebody who was
 * there. */
static void
test_was_here (gconstpointer protocol)
{
  AlcoveServer *server = alcove_protocols_new_server (NULL);
  gboolean dispatch = g_str_equal (protocol, "dispatch");
  g_autoptr (GError) error = NULL;
  Member *ada;
  Member *bob;

  alcove_server_listen (server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  ada = member_new (protocol, alcove_server_get_port (server));
  bob = member_new (protocol, alcove_server_get_port (server));

  alcove_signaller_connect (ada->signaller, "r", "ada",
                            dispatch ? ALCOVE_ROLE_DISPATCHER : ALCOVE_ROLE_MEMBER);
  wait_for (&ada->joined, 1);
  alcove_signaller_connect (bob->signaller, "r", "bob", ALCOVE_ROLE_MEMBER);
  wait_for (&bob->peers, 1);
  /* which is the first that a dispatcher hears of a guest */
  if (dispatch)
    alcove_signaller_send_description (bob->signaller, bob->peer, ALCOVE_DESCRIPTION_OFFER, "v=0");
  wait_for (&ada->peers, 1);
  g_assert_true (bob->was_here);
  g_assert_false (ada->was_here);

  alcove_signaller_leave (bob->signaller);
  wait_for (&bob->left, 1);
  alcove_signaller_leave (ada->signaller);
  wait_for (&ada->left, 1);
  member_free (ada);
  member_free (bob);
  alcove_server_stop (server);
  g_object_unref (server);
}

static void
test_refused (void)
{
  AlcoveServer *server = alcove_protocols_new_server (NULL);
  g_autoptr (GError) error = NULL;
  Member *ada;
  guint port;

  alcove_server_listen (server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  port = alcove_server_get_port (server);
  alcove_server_stop (server);
  g_object_unref (server);

  ada = member_new ("skyrtc", port);
  alcove_signaller_connect (ada->signaller, "room", "Ada", ALCOVE_ROLE_MEMBER);
  wait_for (&ada->failed, 1);
  g_assert_cmpint (ada->code, ==, ALCOVE_ERROR_REFUSED);
  member_free (ada);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocols/registry", test_registry);
  g_test_add_func ("/protocols/new-signaller", test_new_signaller);
  g_test_add_func ("/protocols/address", test_address);
  g_test_add_func ("/protocols/room", test_room);
  g_test_add_data_func ("/protocols/was-here/skyrtc", "skyrtc", test_was_here);
  g_test_add_data_func ("/protocols/was-here/webrtcroom", "webrtcroom", test_was_here);
  g_test_add_data_func ("/protocols/was-here/rtcmesh", "rtcmesh", test_was_here);
  g_test_add_data_func ("/protocols/was-here/rtcsignal", "rtcsignal", test_was_here);
  g_test_add_data_func ("/protocols/was-here/dispatch", "dispatch", test_was_here);
  g_test_add_func ("/protocols/refused", test_refused);
  return g_test_run ();
}
