// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// offeredRoles is how many roles a command of an offer names at most.
const offeredRoles = 5

// offerTime bounds the question what could be requested: whoever was refused waits.
const offerTime = 2 * time.Second

// CanRequest says why the identity in use cannot request access: it is another
// program's, or that of a headless login, which is over before anybody has
// approved. nil if it can.
func CanRequest(c *Cluster) error {
	if c.borrowed != nil || c.Profile.Auth == headless {
		return &CannotRequestError{Proxy: c.Profile.Proxy, From: c.From, File: c.File()}
	}
	return nil
}

// headless is the way of logins that last a minute.
const headless = "headless"

// Offer is what may help a user whom the cluster refuses an app, or a tool of it:
// the command that requests access, ready to be pasted, or where a request of the
// user's already waits for it, the one that waits with it. It is empty where there is
// nothing to request, and where the cluster does not tell.
func Offer(ctx context.Context, c *Cluster, app string) string {
	if CanRequest(c) != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, offerTime)
	defer cancel()
	command := ""
	_ = Login(c).Ask(ctx, func(at Auths) error {
		requests := teleport.AccessRequests{RootAuth: at.Root}
		wanted := teleport.Resource{Cluster: c.Name(), App: app}
		may, err := requests.Requestable(ctx, wanted)
		if err != nil {
			return err
		}
		if command = offer(c, app, may, rolesNow(c, at)); command == "" {
			return nil
		}
		all, err := requests.All(ctx)
		if id := waiting(all, wanted, may, c.Now()); id != "" {
			command = plain.Command("tshmcp", "request", "assume", id, "--proxy="+c.Profile.Proxy, "--wait")
		}
		return err
	})
	return command
}

// waiting is the id of the latest request that is not decided and may give what is
// wanted: by the app's name, or by a role that does.
func waiting(all []teleport.AccessRequest, wanted teleport.Resource, may *teleport.Requestable, now time.Time) string {
	helps := func(role string) bool { return slices.Contains(may.ForApps, role) || slices.Contains(may.Roles, role) }
	i := slices.IndexFunc(all, func(r teleport.AccessRequest) bool {
		over := !r.Expires.IsZero() && !now.Before(r.Expires)
		byRole := len(r.Apps)+r.Others == 0 && slices.ContainsFunc(r.Roles, helps)
		return r.State == teleport.RequestPending && !over && (byRole || slices.Contains(r.Apps, wanted))
	})
	if i < 0 {
		return ""
	}
	return all[i].ID
}

// OfferHint tells a person of the command of an Offer.
func OfferHint(command string) string {
	if strings.HasPrefix(command, strings.Join(creating, " ")) {
		return "you may request access: " + command
	}
	return "your request for access is waiting for approval: " + command
}

// creating begins the command that makes a request.
var creating = []string{"tshmcp", "request", "create"}

// rolesNow are the roles that the user has for what c is for.
func rolesNow(c *Cluster, at Auths) []string {
	if a := Assumed(c); a != nil {
		return a.Roles
	}
	return at.ID.Roles()
}

func offer(c *Cluster, app string, may *teleport.Requestable, have []string) string {
	had := func(role string) bool { return slices.Contains(have, role) }
	words := slices.Clone(creating)
	byApp, byName := slices.DeleteFunc(may.ForApps, had), slices.DeleteFunc(may.Roles, had)
	switch {
	case len(byApp) > 0:
		words = append(words, app)
	case len(byName) > 0 && len(byName) <= offeredRoles:
		words = append(words, "--roles="+strings.Join(byName, ","))
	default:
		return ""
	}
	words = append(words, "--proxy="+c.Profile.Proxy)
	if c.Leaf != "" {
		words = append(words, "--cluster="+c.Leaf)
	}
	if may.NeedsReason {
		words = append(words, "--reason=to use "+app)
	}
	return plain.Command(append(words, "--wait")...)
}

// CannotRequestError means that access cannot be requested, or assumed, as the user
// who is found.
type CannotRequestError struct {
	Proxy string
	From  Origin // empty: of a headless login
	File  string
}

func (e *CannotRequestError) Error() string {
	switch e.From {
	case FromFile:
		return "the identity in " + e.File + " cannot assume access requests: it belongs to another program, which replaces it"
	case FromTSH:
		return "the login of tsh in " + e.File + " cannot assume access requests: it is only read here and never changed"
	}
	return "a headless login cannot assume access requests: it ends after a minute"
}

func (e *CannotRequestError) Hints() []string {
	login := "with a login of tshmcp you can: " + plain.Command("tshmcp", "login", "--proxy="+e.Proxy)
	if e.From == FromTSH {
		return []string{login, "or use tsh request, and then tsh's login"}
	}
	return []string{login}
}
func (e *CannotRequestError) ExitCode() int           { return exitError }
func (e *CannotRequestError) ErrorCode() errcode.Code { return errcode.IdentityNoRequests }
