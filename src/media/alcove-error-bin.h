/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define ALCOVE_TYPE_ERROR_BIN (alcove_error_bin_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveErrorBin, alcove_error_bin, ALCOVE, ERROR_BIN, GstBin)

/**
 * AlcoveErrorBinFunc:
 * @problem: what an element says is wrong
 * @user_data: its data
 *
 * Something in the bin failed. Any thread, often one that is in the middle of a picture.
 */
typedef void (*AlcoveErrorBinFunc) (const char *problem,
                                    gpointer    user_data);

/**
 * AlcoveErrorBin:
 *
 * A bin whose errors are for its owner alone: the pipeline around it never hears of them.
 */
GstElement *alcove_error_bin_new (AlcoveErrorBinFunc  func,
                                  gpointer            user_data,
                                  GDestroyNotify      destroy);

G_END_DECLS
