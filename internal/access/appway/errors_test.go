// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestErrorCodes: each refusal of Teleport's has a code of the hop that it is about.
func TestErrorCodes(t *testing.T) {
	for refusal, want := range map[teleport.Refusal]errcode.Code{
		teleport.SessionUnknown: errcode.AppOffline,
		teleport.AccessDenied:   errcode.AppDenied,
		teleport.AppUnreachable: errcode.ServerUnreachable,
		teleport.AppSilent:      errcode.ServerHungUp,
		teleport.AppSlow:        errcode.ServerSlow,
		teleport.AnswerTooLong:  errcode.AnswerTooLarge,
		teleport.AnswerUnusable: errcode.AnswerMalformed,
		teleport.RequestRefused: errcode.AppNotServed,
	} {
		if got := errcode.Of(appError(teleport.Answer{Refusal: refusal}, 500, &RefusedError{Name: "notes", Refusal: refusal})); got != want {
			t.Errorf("%s: %s, want %s", refusal, got, want)
		}
	}
	for _, test := range []struct {
		err  error
		want errcode.Code
	}{
		{&notAllowedError{}, errcode.AppDenied},
		{&appGoneError{&access.UnknownServerError{}}, errcode.AppNotFound},
		{&ForgottenError{}, errcode.SessionForgotten},
		{&silentError{}, errcode.AppSilent},
		{&hungUpError{}, errcode.ClusterTooOld},
		{&notRawError{}, errcode.AppNotServed},
		{noCertError{&access.NotLoggedInError{}}, errcode.LoginMissing},
	} {
		if got := errcode.Of(test.err); got != test.want {
			t.Errorf("%T: %s, want %s", test.err, got, test.want)
		}
	}
}
