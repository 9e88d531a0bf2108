/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-address.h"
#include "alcove-error.h"

typedef struct {
  const char *text;
  guint default_port;
  const char *default_path;
  const char *expected;
} Good;

typedef struct {
  const char *text;
  int code;
  const char *says;
} Bad;

static const Good good[] = {
  { "ws://host:8888/", 0, NULL, "ws://host:8888/" },
  { "ws://host", 0, NULL, "ws://host/" },
  { "ws://host", 8888, "/", "ws://host:8888/" },
  { "ws://host/", 8888, "/socket.io/", "ws://host:8888/socket.io/" },
  { "http://host", 8888, NULL, "ws://host:8888/" },
  { "wss://host", 8888, NULL, "wss://host/" },
  { "https://host/calls", 8888, "/ws", "wss://host/calls" },
  { "https://host:8443", 8888, NULL, "wss://host:8443/" },
  { "WS://Host:1", 0, NULL, "ws://Host:1/" },
  { "  ws://host:80/x \n", 8888, NULL, "ws://host:80/x" },
  { "ws://host:65535/a/b?c=d%20e&f", 0, NULL, "ws://host:65535/a/b?c=d%20e&f" },
  { "http://host:3000/#room", 8888, NULL, "ws://host:3000/" },
  { "ws://127.0.0.1:8888", 0, NULL, "ws://127.0.0.1:8888/" },
  { "ws://[::1]:8888", 0, NULL, "ws://[::1]:8888/" },
  { "ws://[fd00::2]", 8888, NULL, "ws://[fd00::2]:8888/" },
  { "ws://host?token=1", 0, "/ws", "ws://host/ws?token=1" },
  { "ws://büro.example:9", 0, NULL, "ws://xn--bro-hoa.example:9/" },
  { "ws://my_host", 0, NULL, "ws://my_host/" },
};

static const Bad bad[] = {
  { "host", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://host" },
  { "host:8888", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://host:8888" },
  { "localhost:8888/x", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://localhost:8888/x" },
  { "192.168.1.4", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://192.168.1.4" },
  { "ftp://host", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://host" },
  { "ws:host:1", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "ws://host:1" },
  { "wss:/host", ALCOVE_ERROR_ADDRESS_NO_SCHEME, "wss://host" },
  { "host/a://b", ALCOVE_ERROR_ADDRESS_NO_SCHEME, NULL },
  { "ws://host:", ALCOVE_ERROR_ADDRESS_PORT, NULL },
  { "ws://host:0", ALCOVE_ERROR_ADDRESS_PORT, "“0”" },
  { "ws://host:65536", ALCOVE_ERROR_ADDRESS_PORT, "65535" },
  { "ws://host:99999999999999999999", ALCOVE_ERROR_ADDRESS_PORT, NULL },
  { "ws://host:-1", ALCOVE_ERROR_ADDRESS_PORT, NULL },
  { "ws://host:80a/x", ALCOVE_ERROR_ADDRESS_PORT, "“80a”" },
  { "ws://[::1]:x", ALCOVE_ERROR_ADDRESS_PORT, NULL },
  { "", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { " \t\n", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://:8888", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws:///path", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://my host:1", ALCOVE_ERROR_ADDRESS_INVALID, "my host" },
  { "ws://user:secret@host", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://[::1", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://[]:1", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://[::1]x", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://[host]", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://::1", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://fd00::2", ALCOVE_ERROR_ADDRESS_INVALID, "[fd00::2]" },
  { "ws://a\x01 b", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://a\xff", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://%zz/", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
  { "ws://a<b>/", ALCOVE_ERROR_ADDRESS_INVALID, NULL },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GUri) uri = NULL;
      g_autofree char *text = NULL;

      uri = alcove_address_parse (good[i].text, good[i].default_port, good[i].default_path,
                                  &error);
      g_assert_no_error (error);
      text = g_uri_to_string (uri);
      g_assert_cmpstr (text, ==, good[i].expected);
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_address_parse (bad[i].text, 8888, "/", &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ALCOVE_ERROR, bad[i].code);
      if (bad[i].says != NULL)
        g_assert_nonnull (strstr (error->message, bad[i].says));
    }
}

static void
test_long (void)
{
  g_autofree char *many = g_strnfill (100000, 'a');
  g_autofree char *text = g_strconcat ("ws://", many, NULL);
  g_autofree char *host = g_strndup (text, 300);
  g_autoptr (GError) error = NULL;

  g_assert_null (alcove_address_parse (text, 0, NULL, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID);
  g_clear_error (&error);

  g_assert_null (alcove_address_parse (host, 0, NULL, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID);
}

static void
test_port_stays_open (void)
{
  g_autoptr (GUri) uri = alcove_address_parse ("wss://host", 8888, NULL, NULL);

  g_assert_cmpint (g_uri_get_port (uri), ==, -1);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/good", test_good);
  g_test_add_func ("/address/bad", test_bad);
  g_test_add_func ("/address/long", test_long);
  g_test_add_func ("/address/port-stays-open", test_port_stays_open);
  return g_test_run ();
}
