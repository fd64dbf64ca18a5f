// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// The one function of bcryptprimitives.dll that Go needs and Wine 8 lacks, on the
// one of advapi32.dll that does the same (RtlGenRandom by its real name).

#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID data, ULONG size);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) {
	return SystemFunction036(data, (ULONG)size);
}
