/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-renderer"

#include "config.h"

#include "alcove-renderer.h"

#include "alcove-symbol.h"

/* What drivers without a render node have instead: NVIDIA's own, Windows' for Linux within it, and
 * those of telephones. */
static const char *const others[] = { "nvidiactl", "dxg", "kgsl-3d0", "mali0", "pvr_sync" };

/**
 * alcove_renderer_has_card:
 * @devices: the folder of devices, `/dev`
 *
 * Returns: whether something is there that draws, or may do so
 */
gboolean
alcove_renderer_has_card (const char *devices)
{
  g_autofree char *folder = g_build_filename (devices, "dri", NULL);
  g_autoptr (GDir) nodes = g_dir_open (folder, 0, NULL);
  const char *name;

  while (nodes != NULL && (name = g_dir_read_name (nodes)) != NULL)
    if (g_str_has_prefix (name, "renderD"))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *path = g_build_filename (devices, others[i], NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return TRUE;
    }

  return FALSE;
}

/* Newer GTK has a variable of its own for what is not wanted, which older GTK doesn't know, and
 * complains of the word in the old place. Both came with what the function belongs to. */
static gboolean
has_disable_variable (void)
{
  return alcove_symbol_find ("gdk_cicp_params_new") != NULL;
}

/**
 * alcove_renderer_choose:
 *
 * Has GTK draw by cairo where there is no graphics card and nobody chose otherwise. GTK would take a
 * program that plays the card, which costs several times as much for pictures that move. Who draws by
 * cairo has no use for OpenGL, which GTK would load all the same, with a compiler for the card that
 * isn't there: 30 MiB. To be called before there are threads, as it sets the environment.
 */
void
alcove_renderer_choose (void)
{
#ifdef __linux__
  if (alcove_renderer_has_card ("/dev"))
    return;

  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (g_strcmp0 (g_getenv ("GSK_RENDERER"), "cairo") != 0)
    return;

  if (has_disable_variable ())
    g_setenv ("GDK_DISABLE", "gl:vulkan", FALSE);
  else
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
#endif
}
