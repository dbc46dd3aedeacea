/* A provider of security labels that takes every label but the word "bad". */
#include "postgres.h"
#include "commands/seclabel.h"
#include "fmgr.h"

PG_MODULE_MAGIC;
void _PG_init(void);

static void
check_label(const ObjectAddress *object, const char *label)
{
	if (label != NULL && strcmp(label, "bad") == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME), errmsg("'%s' is not a label", label)));
}

void
_PG_init(void)
{
	register_label_provider("pgdr_test", check_label);
}
