/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "alcove-host.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_ADDRESS_LIST (alcove_address_list_get_type ())
G_DECLARE_FINAL_TYPE (AlcoveAddressList, alcove_address_list, ALCOVE, ADDRESS_LIST, AdwBin)

void        alcove_address_list_set_host  (AlcoveAddressList *self,
                                           AlcoveHost        *host);
void        alcove_address_list_update    (AlcoveAddressList *self);

G_END_DECLS
