/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "hidden-parts.h"

static GList *
hide (GstElementFactoryListType type,
      GstPadDirection direction)
{
  g_autoptr (GstCaps) caps = gst_caps_new_empty_simple ("video/x-h264");
  GList *all = gst_element_factory_list_get_elements (type, GST_RANK_NONE);
  GList *hidden = gst_element_factory_list_filter (all, caps, direction, FALSE);

  for (GList *l = hidden; l != NULL; l = l->next)
    gst_registry_remove_feature (gst_registry_get (), l->data);
  gst_plugin_feature_list_free (all);
  return hidden;
}

/* As if nothing were installed that encodes H.264, until show_again(). */
GList *
hide_h264_encoders (void)
{
  return hide (GST_ELEMENT_FACTORY_TYPE_VIDEO_ENCODER, GST_PAD_SRC);
}

/* Likewise. */
GList *
hide_h264_decoders (void)
{
  return hide (GST_ELEMENT_FACTORY_TYPE_DECODER, GST_PAD_SINK);
}

/* Takes over the list. */
void
show_again (GList *hidden)
{
  for (GList *l = hidden; l != NULL; l = l->next)
    gst_registry_add_feature (gst_registry_get (), l->data);
  gst_plugin_feature_list_free (hidden);
}
