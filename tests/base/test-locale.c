/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include "alcove-locale.h"

#define NAME "小明 Möwe 🎉"

/* The way of an option of the command line. */
static char *
read_name (const char *locale)
{
  char *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) arguments = g_strsplit ("program,--name," NAME, ",", -1);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C");
  g_setenv ("LC_ALL", locale, TRUE);
  alcove_locale_init ();
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_parse_strv (context, &arguments, &error);
  g_assert_no_error (error);
  return name;
}

static void
test_any_name (gconstpointer locale)
{
  g_autofree char *name = read_name (locale);

  g_assert_cmpstr (name, ==, NAME);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/locale/any-name/none", "C", test_any_name);
  g_test_add_data_func ("/locale/any-name/posix", "POSIX", test_any_name);
  g_test_add_data_func ("/locale/any-name/not-installed", "xx_XX.UTF-8", test_any_name);
  g_test_add_data_func ("/locale/any-name/utf-8", "C.UTF-8", test_any_name);
  return g_test_run ();
}
