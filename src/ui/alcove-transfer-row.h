/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-transfer.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_TRANSFER_ROW (alcove_transfer_row_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveTransferRow, alcove_transfer_row, ALCOVE, TRANSFER_ROW, GtkListBoxRow)

GtkWidget  *alcove_transfer_row_new        (AlcoveTransfer    *transfer);
const char *alcove_transfer_row_get_status (AlcoveTransferRow *self);

G_END_DECLS
