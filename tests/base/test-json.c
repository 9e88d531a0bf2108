/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-json.h"

#define BOUND 1000000

static const char *const good[] = {
  "{}", "[]", "{\"a\":[1,-2.5e3,true,false,null,\"x\"]}", " \t\r\n{\"a\" : 1}\n",
  "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4\\ud83d\\ude00\"]", "[\"[[[[ // /* ' # \"]", "\"text\"", "42",
};

static const char *const bad[] = {
  "", " ", "{", "]", "[1", "{\"a\":", "{\"a\"}", "[1,]", "{\"a\":1,}", "nope", "{} {}", "[1] x",
  /* what json-glib takes beyond JSON */
  "/* c */[]", "[/* \" */]", "['x']", "{'a':1}", "# c\n[]", "// c\n[]", "var a = [1];",
  /* escapes */
  "[\"\\ud800x\"]", "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\\ud800\\u0041\"]", "[\"a\\u0000b\"]",
  "[\"\\u12\"]", "[\"\\u12", "[\"\\", "[\"\\x\"]", "[\"\\'\"]", "{\"\\ud800x\":1}",
  /* what json-glib would come to an error on, with memory it never frees */
  "{\"\":1}", "[{\"a\":[1,2]},{\"\":3}]", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1 2]", "[1}",
  "{\"a\":1]", "{1:2}", "[,1]", "[:]", "[01]", "[+1]", "[-]", "[1.]", "[.5]", "[1e]", "[tru]",
  "[True]", "[nullx]", "\"open", "-",
  /* numbers that no one could write again */
  "[1e999]", "[-1e999]", "{\"a\":{\"b\":[1e400]}}",
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = alcove_json_parse (good[i], -1, BOUND, &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = alcove_json_to_text (node);
      g_assert_true (g_utf8_validate (text, -1, NULL));
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_null (alcove_json_parse (bad[i], -1, BOUND, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
    }
}

static void
test_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  g_assert_null (alcove_json_parse ("[\"\xff\"]", -1, BOUND, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
  g_clear_error (&error);

  g_assert_null (alcove_json_parse ("[1]\0[2]", 7, BOUND, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
  g_clear_error (&error);

  g_assert_null (alcove_json_parse ("[1,2]", -1, 4, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  g_clear_error (&error);

  /* not ended by a zero byte: only what is said to be there is read */
  node = alcove_json_parse ("[1]!!!", 3, BOUND, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
}

/* Each of these would take the stack down if it reached the parser. */
static void
test_depth (void)
{
  static const char *const hidden[] = { "", "/* \" */", "'\"'", "\"\\\"\"", "// \"\n" };
  g_autofree char *deep = g_strnfill (500000, '[');
  g_autofree char *fits = g_strnfill (ALCOVE_JSON_MAX_DEPTH, '[');
  g_autofree char *ends = g_strnfill (ALCOVE_JSON_MAX_DEPTH, ']');
  g_autofree char *text = g_strconcat (fits, ends, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (hidden); i++)
    {
      g_autofree char *trap = g_strconcat (hidden[i], deep, NULL);

      g_assert_null (alcove_json_parse (trap, -1, BOUND, &error));
      g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
      g_clear_error (&error);
    }

  node = alcove_json_parse (text, -1, BOUND, &error);
  g_assert_no_error (error);
}

static void
test_int (void)
{
  static const struct {
    const char *text;
    gboolean fits;
    gint64 value;
  } cases[] = {
    { "7", TRUE, 7 },       { "7.0", TRUE, 7 },   { "\"7\"", TRUE, 7 },  { "0", TRUE, 0 },
    { "100", TRUE, 100 },   { "101", FALSE, 0 },  { "-1", FALSE, 0 },    { "7.5", FALSE, 0 },
    { "\"\"", FALSE, 0 },   { "\"7x\"", FALSE, 0 }, { "\" 7\"", FALSE, 0 }, { "null", FALSE, 0 },
    { "true", FALSE, 0 },   { "[7]", FALSE, 0 },  { "{}", FALSE, 0 },    { "1e300", FALSE, 0 },
    { "99999999999999999999", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"n\":%s}", cases[i].text);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = alcove_json_parse (text, -1, BOUND, &error);
      gint64 value = 0;

      g_test_message ("%s", text);
      g_assert_no_error (error);
      g_assert_cmpint (alcove_json_get_int (json_node_get_object (node), "n", 0, 100, &value,
                                            &error),
                       ==, cases[i].fits);
      g_assert_cmpint (value, ==, cases[i].value);
      if (!cases[i].fits)
        g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_MALFORMED);
      g_clear_error (&error);

      /* the whole range, whose upper end no double meets */
      alcove_json_get_int (json_node_get_object (node), "n", G_MININT64, G_MAXINT64, &value, NULL);
    }
}

/* Any cut and any changed byte is read or refused, never more than that. */
static void
test_mangled (void)
{
  const char *text = "{\"eventName\":\"_offer\",\"data\":{\"a\":[1.5,true,null,\"\\ud83d\\ude00\"]}}";
  gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    for (guint byte = 0; byte < 256; byte++)
      {
        g_autofree char *copy = g_memdup2 (text, length);
        g_autoptr (JsonNode) node = NULL;
        g_autofree char *again = NULL;

        copy[i] = (char) byte;
        node = alcove_json_parse (copy, byte % 2 == 0 ? (gssize) length : (gssize) i, BOUND, NULL);
        if (node == NULL)
          continue;
        again = alcove_json_to_text (node);
        g_assert_true (g_utf8_validate (again, -1, NULL));
      }
}

/* What comes out is JSON again: json-glib spoils numbers without a point but with an exponent. */
static void
test_numbers (void)
{
  static const char *const cases[][2] = {
    { "[1e+21,-1E21,1.25e30,1e-7,1.5]", "[1e+21,-1e+21,1.25e+30,9.9999999999999995e-08,1.5]" },
    { "[\"1e+21.0\",\"\\\\\",\"\\\"2e5.0\",true,1e3]",
      "[\"1e+21.0\",\"\\\\\",\"\\\"2e5.0\",true,1000.0]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = alcove_json_parse (cases[i][0], -1, BOUND, NULL);
      g_autofree char *text = alcove_json_to_text (node);
      g_autoptr (JsonNode) again = alcove_json_parse (text, -1, BOUND, NULL);

      g_assert_cmpstr (text, ==, cases[i][1]);
      g_assert_true (json_node_equal (node, again));
    }
}

static void
test_copy_members (void)
{
  g_autoptr (JsonNode) from = alcove_json_parse ("{\"b\":1,\"a\":{\"x\":[]},\"c\":null}", -1, BOUND,
                                                 NULL);
  g_autoptr (JsonNode) array = alcove_json_parse ("[1]", -1, BOUND, NULL);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;

  json_object_set_string_member (object, "b", "ours");
  alcove_json_copy_members (object, from);
  alcove_json_copy_members (object, array);
  alcove_json_copy_members (object, NULL);
  json_node_set_object (node, object);
  text = alcove_json_to_text (node);
  g_assert_cmpstr (text, ==, "{\"b\":\"ours\",\"a\":{\"x\":[]},\"c\":null}");
  g_assert_true (alcove_json_has_value (object, "a"));
  g_assert_false (alcove_json_has_value (object, "c"));
  g_assert_false (alcove_json_has_value (object, "d"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/good", test_good);
  g_test_add_func ("/json/bad", test_bad);
  g_test_add_func ("/json/bytes", test_bytes);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/int", test_int);
  g_test_add_func ("/json/mangled", test_mangled);
  g_test_add_func ("/json/numbers", test_numbers);
  g_test_add_func ("/json/copy-members", test_copy_members);
  return g_test_run ();
}
