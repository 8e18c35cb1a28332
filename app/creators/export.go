package creators

import (
	"context"

	"github.com/rapport-dev/rapport/app/deeds"
	"github.com/rapport-dev/rapport/partnership"
)

// Roll is everybody who is known.
type Roll interface {
	deeds.Recorder
	Creators(ctx context.Context) ([]partnership.Creator, error)
}

// Export is everybody, for a file that leaves the house; that somebody took it stands in the audit. Personal data.
func Export(ctx context.Context, kept Roll, by deeds.By) ([]partnership.Creator, error) {
	if err := by.May(partnership.DeedExportCreators); err != nil {
		return nil, err
	}
	all, err := kept.Creators(ctx)
	if err != nil {
		return nil, err
	}
	return all, kept.Record(ctx, partnership.Deed{Who: by.Who, Deed: partnership.DeedExportCreators, Subject: "creators", Details: map[string]any{"creators": len(all)}})
}
