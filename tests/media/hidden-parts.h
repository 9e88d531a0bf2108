/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

GList *hide_h264_encoders (void);
GList *hide_h264_decoders (void);
void   show_again         (GList *hidden);
