/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-error-bin"

#include "config.h"

#include "alcove-error-bin.h"

#include "alcove-debug.h"

struct _AlcoveErrorBin {
  GstBin parent_instance;

  AlcoveErrorBinFunc func;
  gpointer user_data;
  GDestroyNotify destroy;
};

G_DEFINE_FINAL_TYPE (AlcoveErrorBin, alcove_error_bin, GST_TYPE_BIN)

static void
alcove_error_bin_handle_message (GstBin *bin,
                                 GstMessage *message)
{
  AlcoveErrorBin *self = ALCOVE_ERROR_BIN (bin);
  g_autoptr (GError) error = NULL;
  g_autofree char *details = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR)
    {
      GST_BIN_CLASS (alcove_error_bin_parent_class)->handle_message (bin, message);
      return;
    }

  gst_message_parse_error (message, &error, &details);
  alcove_debug_print (ALCOVE_DEBUG_MEDIA, "%s: %s (%s)", GST_MESSAGE_SRC_NAME (message),
                      error->message, details != NULL ? details : "");
  self->func (error->message, self->user_data);
  gst_message_unref (message);
}

static void
alcove_error_bin_finalize (GObject *object)
{
  AlcoveErrorBin *self = ALCOVE_ERROR_BIN (object);

  if (self->destroy != NULL)
    self->destroy (self->user_data);

  G_OBJECT_CLASS (alcove_error_bin_parent_class)->finalize (object);
}

static void
alcove_error_bin_class_init (AlcoveErrorBinClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = alcove_error_bin_finalize;
  GST_BIN_CLASS (klass)->handle_message = alcove_error_bin_handle_message;
}

static void
alcove_error_bin_init (AlcoveErrorBin *self)
{
}

/**
 * alcove_error_bin_new:
 * @func: called when something in it fails
 * @user_data: its data
 * @destroy: frees @user_data, on any thread
 *
 * Returns: (transfer floating): an empty bin
 */
GstElement *
alcove_error_bin_new (AlcoveErrorBinFunc func,
                      gpointer user_data,
                      GDestroyNotify destroy)
{
  AlcoveErrorBin *self = g_object_new (ALCOVE_TYPE_ERROR_BIN, NULL);

  self->func = func;
  self->user_data = user_data;
  self->destroy = destroy;
  return GST_ELEMENT (self);
}
