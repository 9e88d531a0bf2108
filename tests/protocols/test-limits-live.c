/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "alcove-protocols.h"
#include "alcove-sdp.h"
#include "far-server.h"

/*
 * Section 11 of each protocol's description: the offers that the original servers pass, over
 * real sockets, through our own server and into our own signaller.
 */

/* What one of two hears of the other. */
typedef struct {
  Scripted *scripted;
  char *peer;
  char *sdp;
  gboolean calls;
} Member;

typedef struct {
  const char *protocol;
  gsize largest; /* bytes of a description */
} Case;

static const Case cases[] = {
  { "skyrtc", 2000000 },
  { "webrtcroom", 2000000 },
  { "rtcmesh", 2000000 },
  { "rtcsignal", 2000000 },
  /* the limit is 1 MiB for all of a message, line ends escaped */
  { "dispatch", 900000 },
};

static void
on_peer_joined (Member *self,
                const char *id,
                const char *name,
                gboolean we_offer)
{
  g_free (self->peer);
  self->peer = g_strdup (id);
  self->calls = we_offer;
}

static void
on_description (Member *self,
                const char *id,
                int type,
                const char *sdp)
{
  g_free (self->sdp);
  self->sdp = g_strdup (sdp);
}

static void
enter (Member *self,
       const AlcoveProtocol *protocol,
       Far *far,
       const char *name,
       AlcoveRole role)
{
  self->scripted = far_client (far, protocol->new_signaller, protocol->default_path);
  g_signal_connect_swapped (self->scripted->signaller, "peer-joined",
                            G_CALLBACK (on_peer_joined), self);
  g_signal_connect_swapped (self->scripted->signaller, "description",
                            G_CALLBACK (on_description), self);
  alcove_signaller_connect (self->scripted->signaller, "两 人", name, role);
  scripted_wait (self->scripted, 1);
}

static void
leave (Member *self)
{
  g_assert_null (strstr (self->scripted->log->str, "problem"));
  g_assert_null (strstr (self->scripted->log->str, "disconnected"));
  g_signal_handlers_disconnect_by_data (self->scripted->signaller, self);
  far_leave (self->scripted);
  g_free (self->peer);
  g_free (self->sdp);
}

/* A description of about that size, with lines as any other has. */
static char *
make_sdp (gsize size)
{
  GString *text = g_string_new ("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\n"
                                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
                                "a=fingerprint:sha-256 22:A8:7A:04:AB:BF:66:17:D4:92:9E:FB:2B:3F:8D:"
                                "A8:4D:90:FA:EE:A5:1F:2B:1E:25:5E:46:A8:40:53:85:26\r\n");

  for (guint i = 0; text->len < size; i++)
    g_string_append_printf (text, "a=x-line-%u:%s\r\n", i, "abcdefghijklmnopqrstuvwxyz");
  return g_string_free (text, FALSE);
}

static void
pass (Member *from,
      Member *to,
      AlcoveDescriptionType type,
      const char *sdp)
{
  alcove_signaller_send_description (from->scripted->signaller, from->peer, type, sdp);
  while (to->sdp == NULL)
    scripted_wait (to->scripted, to->scripted->events + 1);
  g_assert_cmpstr (to->sdp, ==, sdp);
  g_clear_pointer (&to->sdp, g_free);
}

static void
test_large_offers (gconstpointer data)
{
  const Case *test = data;
  const AlcoveProtocol *protocol = alcove_protocols_find (test->protocol);
  const gsize sizes[] = { 20000, 200000, test->largest };
  AlcoveRole first = protocol->has_roles ? ALCOVE_ROLE_DISPATCHER : ALCOVE_ROLE_MEMBER;
  Far far = { 0 };
  Member a = { NULL };
  Member b = { NULL };
  Member *caller;
  Member *callee;

  far_embed (&far);
  enter (&a, protocol, &far, "ada", first);
  enter (&b, protocol, &far, "bob", ALCOVE_ROLE_MEMBER);
  while (!a.calls && !b.calls)
    scripted_wait (b.scripted, b.scripted->events + 1);
  caller = a.calls ? &a : &b;
  callee = a.calls ? &b : &a;

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *sdp = make_sdp (sizes[i]);
      g_autoptr (AlcoveSdpInfo) info = NULL;
      g_autoptr (GError) error = NULL;

      /* nor is it too much for whoever gets it */
      info = alcove_sdp_inspect (sdp, &error);
      g_assert_no_error (error);
      pass (caller, callee, ALCOVE_DESCRIPTION_OFFER, sdp);
      pass (callee, caller, ALCOVE_DESCRIPTION_ANSWER, sdp);
    }

  leave (caller);
  leave (callee);
  far_close (&far);
}

/* Oddity 10.8 of the RTCSignalServer: it stands still for everybody while somebody does not read.
 * All that one says comes back to it, so that whoever only wrote would be cut off by ours. */
static void
test_reads_promptly (void)
{
  const guint n_offers = 32;
  AlcoveServerLimits limits = ALCOVE_SERVER_LIMITS_INIT;
  g_autoptr (GError) error = NULL;
  g_autofree char *sdp = make_sdp (200000);
  const AlcoveProtocol *protocol = alcove_protocols_find ("rtcsignal");
  Far far = { 0 };
  Member a = { NULL };
  Member b = { NULL };
  guint before;

  /* of which two may wait for each */
  limits.max_message = 1024 * 1024;
  far.server = alcove_protocols_new_server (&limits);
  alcove_server_listen (far.server, "127.0.0.1", 0, &error);
  g_assert_no_error (error);
  far.port = alcove_server_get_port (far.server);
  enter (&a, protocol, &far, "ada", ALCOVE_ROLE_MEMBER);
  enter (&b, protocol, &far, "bob", ALCOVE_ROLE_MEMBER);
  while (!a.calls)
    scripted_wait (a.scripted, a.scripted->events + 1);
  while (b.peer == NULL)
    scripted_wait (b.scripted, b.scripted->events + 1);

  before = b.scripted->events;
  for (guint i = 0; i < n_offers; i++)
    {
      alcove_signaller_send_description (a.scripted->signaller, a.peer, ALCOVE_DESCRIPTION_OFFER,
                                         sdp);
      while (i % 4 == 3 && b.scripted->events < before + i + 1)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpstr (b.sdp, ==, sdp);

  leave (&b);
  leave (&a);
  far_close (&far);
}

static void
on_request (GObject *input,
            GAsyncResult *result,
            gpointer data)
{
  static const char answer[] = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n"
                               "Content-Length: 0\r\n\r\n";
  g_autoptr (GIOStream) connection = data;
  g_autoptr (GBytes) request = NULL;
  g_autoptr (GError) error = NULL;

  request = g_input_stream_read_bytes_finish (G_INPUT_STREAM (input), result, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (connection), answer,
                             strlen (answer), NULL, NULL, &error);
  g_assert_no_error (error);
  g_io_stream_close (connection, NULL, NULL);
}

static gboolean
on_incoming (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             guint *n_requests)
{
  (*n_requests)++;
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (connection)), 4096,
                                   G_PRIORITY_DEFAULT, NULL, on_request,
                                   g_object_ref (connection));
  return TRUE;
}

/* Oddity 10.9 of the RTCSignalServer: beyond a thousand connections it says 503. A person is told
 * so, and no other way in is tried. */
static void
test_full (void)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  Scripted *f;
  guint n_requests = 0;
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);

  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (on_incoming), &n_requests);
  address = g_strdup_printf ("ws://127.0.0.1:%u/socket.io/", port);

  f = scripted_new (alcove_protocols_new_signaller ("rtcsignal", address, &error), NULL);
  g_assert_no_error (error);
  alcove_signaller_connect (f->signaller, "r", "x", ALCOVE_ROLE_MEMBER);
  scripted_wait (f, 1);
  assert_log (f, "failed:too-many");
  g_assert_cmpuint (n_requests, ==, 1);
  scripted_free (f);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/%s/live/11-large-offers", cases[i].protocol);

      g_test_add_data_func (path, &cases[i], test_large_offers);
    }
  g_test_add_func ("/rtcsignal/live/10.8-reads-promptly", test_reads_promptly);
  g_test_add_func ("/rtcsignal/live/10.9-full", test_full);
  return g_test_run ();
}
