/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-portal-parent"

#include "config.h"

#include "alcove-portal-parent.h"

#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif
#ifdef GDK_WINDOWING_X11
#include <gdk/x11/gdkx.h>
#endif

/**
 * AlcovePortalParent:
 *
 * What a window is called by the desktop's portals, so that their dialogs belong to it and are not
 * lost behind it. The name is told while the window is there: X11 has it at once, a Wayland
 * compositor gives it away a moment after the window is mapped, or never.
 */

struct _AlcovePortalParent {
  GObject parent_instance;

  GtkWindow *window; /* weak; NULL once it is gone */
  GdkSurface *surface; /* while it is exported */
  char *handle;
};

G_DEFINE_FINAL_TYPE (AlcovePortalParent, alcove_portal_parent, G_TYPE_OBJECT)

static void
take_handle (AlcovePortalParent *self,
             char *handle)
{
  g_free (self->handle);
  self->handle = handle;
}

#ifdef GDK_WINDOWING_WAYLAND
static void
exported_cb (GdkToplevel *toplevel,
             const char *handle,
             gpointer data)
{
  g_autoptr (AlcovePortalParent) self = g_weak_ref_get (data);

  if (self != NULL && self->surface == GDK_SURFACE (toplevel))
    take_handle (self, g_strconcat ("wayland:", handle, NULL));
}

static void
weak_ref_free (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
export (AlcovePortalParent *self,
        GdkSurface *surface)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  self->surface = surface;
  if (!gdk_wayland_toplevel_export_handle (GDK_TOPLEVEL (surface), exported_cb, ref,
                                           weak_ref_free))
    self->surface = NULL;
}
#endif

static void
map_cb (AlcovePortalParent *self)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (self->window));

  if (self->surface != NULL)
    return;
#ifdef GDK_WINDOWING_X11
  if (GDK_IS_X11_SURFACE (surface))
    take_handle (self, g_strdup_printf ("x11:%lx", gdk_x11_surface_get_xid (surface)));
#endif
#ifdef GDK_WINDOWING_WAYLAND
  if (GDK_IS_WAYLAND_TOPLEVEL (surface))
    export (self, surface);
#endif
}

/* The window's surface goes away; a new one has another name. */
static void
unrealize_cb (AlcovePortalParent *self)
{
#ifdef GDK_WINDOWING_WAYLAND
  if (self->surface != NULL && self->handle[0] != '\0')
    gdk_wayland_toplevel_unexport_handle (GDK_TOPLEVEL (self->surface));
#endif
  self->surface = NULL;
  take_handle (self, g_strdup (""));
}

static void
alcove_portal_parent_dispose (GObject *object)
{
  AlcovePortalParent *self = ALCOVE_PORTAL_PARENT (object);

  if (self->window != NULL && gtk_widget_get_realized (GTK_WIDGET (self->window)))
    unrealize_cb (self);
  g_clear_weak_pointer (&self->window);

  G_OBJECT_CLASS (alcove_portal_parent_parent_class)->dispose (object);
}

static void
alcove_portal_parent_finalize (GObject *object)
{
  g_free (ALCOVE_PORTAL_PARENT (object)->handle);

  G_OBJECT_CLASS (alcove_portal_parent_parent_class)->finalize (object);
}

static void
alcove_portal_parent_class_init (AlcovePortalParentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = alcove_portal_parent_dispose;
  object_class->finalize = alcove_portal_parent_finalize;
}

static void
alcove_portal_parent_init (AlcovePortalParent *self)
{
  self->handle = g_strdup ("");
}

/**
 * alcove_portal_parent_new:
 * @window: (transfer none): a window, mapped or not yet
 *
 * Returns: (transfer full): what knows its name
 */
AlcovePortalParent *
alcove_portal_parent_new (GtkWindow *window)
{
  AlcovePortalParent *self = g_object_new (ALCOVE_TYPE_PORTAL_PARENT, NULL);

  g_set_weak_pointer (&self->window, window);
  g_signal_connect_object (window, "map", G_CALLBACK (map_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "unrealize", G_CALLBACK (unrealize_cb), self,
                           G_CONNECT_SWAPPED);
  if (gtk_widget_get_mapped (GTK_WIDGET (window)))
    map_cb (self);
  return self;
}

/**
 * alcove_portal_parent_get_handle:
 * @self: a window's
 *
 * Returns: (transfer none): the `parent_window` of a portal's method, as in the documentation of
 *   xdg-desktop-portal; empty where the window has no such name
 */
const char *
alcove_portal_parent_get_handle (AlcovePortalParent *self)
{
  return self->handle;
}
