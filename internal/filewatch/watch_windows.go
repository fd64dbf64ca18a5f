// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"context"

	"golang.org/x/sys/windows"
)

// maxHandles is how many can be waited for at once.
const maxHandles = 64

// watcher has the handles that are waited for. The first one ends the waiting.
type watcher struct{ handles []windows.Handle }

func open() (*watcher, error) {
	stop, err := windows.CreateEvent(nil, 1, 0, nil)
	if err != nil {
		return nil, err
	}
	return &watcher{[]windows.Handle{stop}}, nil
}

// add watches folders, which tell of writes to their files too. One that is in use
// cannot be moved here, and neither can those that it is in.
func (w *watcher) add(path string, what kind) error {
	if what&entries == 0 {
		return nil
	}
	if len(w.handles) == maxHandles {
		return windows.ERROR_TOO_MANY_OPEN_FILES
	}
	h, err := windows.FindFirstChangeNotification(path, false,
		windows.FILE_NOTIFY_CHANGE_FILE_NAME|windows.FILE_NOTIFY_CHANGE_DIR_NAME|windows.FILE_NOTIFY_CHANGE_LAST_WRITE|windows.FILE_NOTIFY_CHANGE_SIZE)
	if err == nil {
		w.handles = append(w.handles, h)
	}
	return err
}

func (w *watcher) wait(ctx context.Context) {
	defer until(ctx, func() { _ = windows.SetEvent(w.handles[0]) })()
	_, _ = windows.WaitForMultipleObjects(w.handles, false, windows.INFINITE)
}

func (w *watcher) close() {
	for _, h := range w.handles[1:] {
		_ = windows.FindCloseChangeNotification(h)
	}
	_ = windows.CloseHandle(w.handles[0])
}
