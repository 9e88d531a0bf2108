/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-frame-meter.h"
#include "alcove-origin.h"
#include "alcove-error.h"
#include "alcove-server-listen.h"

/* The pure parts of the server. */

#define SECOND G_USEC_PER_SEC

static AlcoveFrameVerdict
feed_frame (AlcoveFrameMeter *meter,
            guint8 first,
            guint64 size,
            gsize piece,
            gint64 now)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 header[14] = { first };
  guint n = 2;
  gsize n_good = 0;
  AlcoveFrameVerdict verdict = ALCOVE_FRAME_OK;

  header[1] = 0x80 | (size < 126 ? size : size < 65536 ? 126 : 127);
  if (size >= 126)
    for (int i = size < 65536 ? 1 : 7; i >= 0; i--)
      header[n++] = size >> (8 * i);
  n += 4;
  g_byte_array_append (frame, header, n);
  g_byte_array_set_size (frame, n + size);
  memset (frame->data + n, 0xff, size);

  for (gsize at = 0; at < frame->len && verdict == ALCOVE_FRAME_OK; at += piece)
    {
      gsize length = MIN (piece, frame->len - at);

      verdict = alcove_frame_meter_feed (meter, frame->data + at, length, now, &n_good);
      if (verdict == ALCOVE_FRAME_OK)
        g_assert_cmpuint (n_good, ==, length);
      else
        g_assert_cmpuint (n_good, <, length);
    }

  return verdict;
}

static void
test_meter_sizes (void)
{
  const gsize pieces[] = { 1, 3, 100000 };
  const guint64 sizes[] = { 0, 1, 125, 126, 65535, 65536, 70000 };

  for (gsize p = 0; p < G_N_ELEMENTS (pieces); p++)
    {
      AlcoveFrameMeter meter;
      guint64 total = 0;

      alcove_frame_meter_init (&meter, 70000, 0, 0, 0);
      for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          total += sizes[i];
          g_assert_cmpint (feed_frame (&meter, 0x81, sizes[i], pieces[p], 0), ==, ALCOVE_FRAME_OK);
          g_assert_cmpuint (alcove_frame_meter_get_data_bytes (&meter), ==, total);
          /* a pong in between counts as no data */
          g_assert_cmpint (feed_frame (&meter, 0x8a, 7, pieces[p], 0), ==, ALCOVE_FRAME_OK);
          g_assert_cmpuint (alcove_frame_meter_get_data_bytes (&meter), ==, total);
        }
      g_assert_cmpint (feed_frame (&meter, 0x81, 70001, pieces[p], 0), ==, ALCOVE_FRAME_TOO_LARGE);
      /* final */
      g_assert_cmpint (feed_frame (&meter, 0x81, 1, pieces[p], 0), ==, ALCOVE_FRAME_TOO_LARGE);
    }
}

static void
test_meter_fragments (void)
{
  AlcoveFrameMeter meter;

  alcove_frame_meter_init (&meter, 100, 0, 0, 0);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (feed_frame (&meter, 0x01, 40, 9, 0), ==, ALCOVE_FRAME_OK);
      g_assert_cmpint (feed_frame (&meter, 0x89, 50, 9, 0), ==, ALCOVE_FRAME_OK);
      g_assert_cmpint (feed_frame (&meter, 0x80, 60, 9, 0), ==, ALCOVE_FRAME_OK);
    }
  g_assert_cmpint (feed_frame (&meter, 0x01, 60, 9, 0), ==, ALCOVE_FRAME_OK);
  g_assert_cmpint (feed_frame (&meter, 0x00, 40, 9, 0), ==, ALCOVE_FRAME_OK);
  g_assert_cmpint (feed_frame (&meter, 0x00, 1, 9, 0), ==, ALCOVE_FRAME_TOO_LARGE);
}

static void
test_meter_rate (void)
{
  AlcoveFrameMeter meter;

  alcove_frame_meter_init (&meter, 100, 10, 40, 0);
  for (int i = 0; i < 40; i++)
    g_assert_cmpint (feed_frame (&meter, i % 2 ? 0x89 : 0x81, 5, 100, 0), ==, ALCOVE_FRAME_OK);

  /* after a second ten more, and no more than the burst however long the rest */
  for (int i = 0; i < 10; i++)
    g_assert_cmpint (feed_frame (&meter, 0x81, 5, 100, SECOND), ==, ALCOVE_FRAME_OK);
  for (int i = 0; i < 40; i++)
    g_assert_cmpint (feed_frame (&meter, 0x81, 5, 100, 100 * SECOND), ==, ALCOVE_FRAME_OK);
  g_assert_cmpint (feed_frame (&meter, 0x81, 5, 100, 100 * SECOND), ==, ALCOVE_FRAME_TOO_FAST);
}

static void
test_origin (void)
{
  const char *const allowed[] = { "https://rooms.example.org", NULL };
  const char *const any[] = { "*", NULL };
  const struct {
    const char *origin;
    gboolean loopback;
    gboolean network;
  } cases[] = {
    { NULL, TRUE, TRUE },
    { "file://", TRUE, TRUE },
    { "http://127.0.0.1:8000", TRUE, TRUE },
    { "https://localhost", TRUE, TRUE },
    { "http://[::1]:3000", TRUE, TRUE },
    { "http://192.168.1.20", FALSE, TRUE },
    { "http://10.0.0.7:8080", FALSE, TRUE },
    { "http://[fd00::7]", FALSE, TRUE },
    { "http://wall", FALSE, TRUE },
    { "http://wall.local:81", FALSE, TRUE },
    { "null", FALSE, FALSE },
    { "", FALSE, FALSE },
    { "nonsense", FALSE, FALSE },
    { "https://example.org", FALSE, FALSE },
    { "https://localhost.example.org", FALSE, FALSE },
    { "https://127.0.0.1.example.org", FALSE, FALSE },
    { "http://203.0.113.5", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].origin != NULL ? cases[i].origin : "no origin");
      g_assert_cmpint (alcove_origin_is_allowed (cases[i].origin, TRUE, NULL), ==,
                       cases[i].loopback);
      g_assert_cmpint (alcove_origin_is_allowed (cases[i].origin, FALSE, NULL), ==,
                       cases[i].network);
      g_assert_true (alcove_origin_is_allowed (cases[i].origin, TRUE, any));
    }

  g_assert_true (alcove_origin_is_allowed ("https://rooms.example.org", TRUE, allowed));
  g_assert_false (alcove_origin_is_allowed ("http://rooms.example.org", TRUE, allowed));
}

static void
test_typed_origin (void)
{
  const char *const cases[][2] = {
    { "*", "*" },
    { "https://rooms.example.org", "https://rooms.example.org" },
    { "HTTPS://Rooms.Example.ORG/", "https://rooms.example.org" },
    { "https://rooms.example.org:443/a?b#c", "https://rooms.example.org" },
    { "http://rooms.example.org:80", "http://rooms.example.org" },
    { "http://rooms.example.org:443", "http://rooms.example.org:443" },
    { "https://bücher.example", "https://xn--bcher-kva.example" },
    { "http://[2001:db8::7]:8080", "http://[2001:db8::7]:8080" },
    { "rooms.example.org", NULL },
    { "ws://rooms.example.org", NULL },
    { "https://", NULL },
    { "https://*.example.org", NULL },
    { "https://me@example.org", NULL },
    { "null", NULL },
    { "", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *origin = alcove_origin_normalize (cases[i][0]);

      g_test_message ("%s", cases[i][0]);
      g_assert_cmpstr (origin, ==, cases[i][1]);
    }
}

static guint
port_of (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static void
test_listen (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) sockets = NULL;
  g_autoptr (GPtrArray) more = NULL;
  gboolean loopback_only = FALSE;
  guint port;

  sockets = alcove_server_open_sockets (NULL, 0, &loopback_only, &error);
  g_assert_no_error (error);
  g_assert_true (loopback_only);
  port = port_of (sockets->pdata[0]);
  g_assert_cmpuint (port, >, 0);
  for (guint i = 0; i < sockets->len; i++)
    {
      g_autoptr (GSocketAddress) address = g_socket_get_local_address (sockets->pdata[i], NULL);

      g_assert_cmpuint (port_of (sockets->pdata[i]), ==, port);
      g_assert_true (g_inet_address_get_is_loopback (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))));
    }

  /* in use */
  g_assert_null (alcove_server_open_sockets ("localhost", port, &loopback_only, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN);
  g_assert_nonnull (strstr (error->message, "already used"));
  g_clear_error (&error);
  g_assert_null (alcove_server_open_sockets ("127.0.0.1", port, &loopback_only, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN);
  g_clear_error (&error);

  /* another address of the loopback network is free at that port */
  more = alcove_server_open_sockets ("127.0.0.2", port, &loopback_only, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (more->len, ==, 1);
  g_assert_true (loopback_only);

  /* not ours: an address set aside for documentation */
  g_assert_null (alcove_server_open_sockets ("192.0.2.1", 0, &loopback_only, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN);
  g_assert_nonnull (strstr (error->message, "192.0.2.1"));
  g_clear_error (&error);

  g_assert_null (alcove_server_open_sockets ("some.name", 0, &loopback_only, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN);
  g_clear_error (&error);
  g_assert_null (alcove_server_open_sockets (NULL, 65536, &loopback_only, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_LISTEN);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/meter/sizes", test_meter_sizes);
  g_test_add_func ("/server/meter/fragments", test_meter_fragments);
  g_test_add_func ("/server/meter/rate", test_meter_rate);
  g_test_add_func ("/server/origin", test_origin);
  g_test_add_func ("/server/origin/typed", test_typed_origin);
  g_test_add_func ("/server/listen", test_listen);

  return g_test_run ();
}
