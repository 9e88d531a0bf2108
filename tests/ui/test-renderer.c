/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "alcove-renderer.h"

/* What is in the folder of devices, and whether that means that a card draws. */
static void
test_card (void)
{
  const struct {
    const char *name;
    gboolean card;
  } all[] = {
    { "null", FALSE },
    { "dri/card0", FALSE },
    { "nvidia-uvm", FALSE },
    { "dri/renderD128", TRUE },
    { "dri/renderD130", TRUE },
    { "nvidiactl", TRUE },
    { "dxg", TRUE },
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *devices = g_dir_make_tmp ("alcove-XXXXXX", &error);
  g_autofree char *dri = g_build_filename (devices, "dri", NULL);

  g_assert_no_error (error);
  g_assert_false (alcove_renderer_has_card (devices));
  g_assert_cmpint (g_mkdir (dri, 0700), ==, 0);
  g_assert_false (alcove_renderer_has_card (devices));
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *path = g_build_filename (devices, all[i].name, NULL);

      g_assert_true (g_file_set_contents (path, "", 0, &error));
      g_assert_no_error (error);
      g_assert_cmpint (alcove_renderer_has_card (devices), ==, all[i].card);
      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_rmdir (dri);
  g_rmdir (devices);
}

static gboolean
is_without_gl (void)
{
  return g_strcmp0 (g_getenv ("GDK_DEBUG"), "gl-disable") == 0
         || g_strcmp0 (g_getenv ("GDK_DISABLE"), "gl:vulkan") == 0;
}

/* Who chose keeps what they chose. OpenGL is not loaded for those who draw without. */
static void
test_chosen (void)
{
  gboolean card = alcove_renderer_has_card ("/dev");

#ifndef __linux__
  card = TRUE;
#endif
  g_setenv ("GSK_RENDERER", "broadway", TRUE);
  g_unsetenv ("GDK_DEBUG");
  g_unsetenv ("GDK_DISABLE");
  alcove_renderer_choose ();
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, "broadway");
  g_assert_false (is_without_gl ());

  g_unsetenv ("GSK_RENDERER");
  alcove_renderer_choose ();
  g_assert_cmpstr (g_getenv ("GSK_RENDERER"), ==, card ? NULL : "cairo");
  g_assert_cmpint (is_without_gl (), ==, !card);

  g_setenv ("GDK_DEBUG", "misc", TRUE);
  g_setenv ("GDK_DISABLE", "dmabuf", TRUE);
  alcove_renderer_choose ();
  g_assert_cmpstr (g_getenv ("GDK_DEBUG"), ==, "misc");
  g_assert_cmpstr (g_getenv ("GDK_DISABLE"), ==, "dmabuf");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/renderer/card", test_card);
  g_test_add_func ("/ui/renderer/chosen", test_chosen);

  return g_test_run ();
}
