/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

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
  return g_test_run ();
}
