/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-camera-portal"

#include "config.h"

#include "alcove-camera-portal.h"

#include <glib/gi18n.h>
#include <libportal/portal.h>

#include "alcove-error.h"

/**
 * alcove_camera_portal_is_needed:
 *
 * Returns: whether cameras are reached only through the portal, as in a Flatpak
 */
gboolean
alcove_camera_portal_is_needed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

static void
on_access (GObject *object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  XdpPortal *portal = XDP_PORTAL (object);
  int fd = -1;

  if (xdp_portal_access_camera_finish (portal, result, NULL))
    fd = xdp_portal_open_pipewire_remote_for_camera (portal);

  if (fd >= 0)
    g_task_return_int (task, fd);
  else
    g_task_return_new_error (task, ALCOVE_ERROR, ALCOVE_ERROR_NO_CAMERA, "%s",
                             _ ("The camera may not be used. Others see a still picture."));
}

/**
 * alcove_camera_portal_open_async:
 * @cancellable: (nullable): to give up
 * @callback: called when done
 * @user_data: its data
 *
 * Asks the person, through the desktop, for the use of the camera.
 */
void
alcove_camera_portal_open_async (GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (XdpPortal) portal = xdp_portal_new ();
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, alcove_camera_portal_open_async);
  xdp_portal_access_camera (portal, NULL, XDP_CAMERA_FLAG_NONE, cancellable, on_access, task);
}

/**
 * alcove_camera_portal_open_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: a PipeWire remote that the caller closes, or -1 with %ALCOVE_ERROR_NO_CAMERA
 */
int
alcove_camera_portal_open_finish (GAsyncResult *result,
                                  GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}
