/* AzCopy is linked to the desktop's keyring, where it looks for logins. A machine without a desktop has
 * no such library; this one answers that nothing is kept. */
#include <stddef.h>

void *secret_password_lookup_sync(void) { return NULL; }
void secret_password_free(void) {}
void g_error_free(void) {}
