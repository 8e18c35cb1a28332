package easypost

import (
	"encoding/json"
	"net/http"

	"github.com/rapport-dev/rapport/playground/sandbox"
)

func (s *service) getTracker(w http.ResponseWriter, r *http.Request) {
	if sh := s.parcelOf(r.PathValue("id")); sh != nil {
		sandbox.WriteJSON(w, http.StatusOK, s.trackerJSON(sh))
		return
	}
	refuse(w, http.StatusNotFound, "TRACKER.NOT_FOUND", "The tracker could not be found.")
}

func (s *service) listTrackers(w http.ResponseWriter, r *http.Request) {
	trackers := []any{}
	for _, sh := range s.st.Shipments {
		if code := r.URL.Query().Get("tracking_code"); sh.Parcel != nil && (code == "" || code == sh.Parcel.Code) {
			trackers = append(trackers, s.trackerJSON(sh))
		}
	}
	sandbox.WriteJSON(w, http.StatusOK, map[string]any{"trackers": trackers, "has_more": false})
}

// createTracker returns the tracker that buying made: the carrier knows no other parcels.
func (s *service) createTracker(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Tracker struct {
			Code string `json:"tracking_code"`
		} `json:"tracker"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err == nil {
		if sh := s.parcelOf(q.Tracker.Code); sh != nil {
			sandbox.WriteJSON(w, http.StatusCreated, s.trackerJSON(sh))
			return
		}
	}
	refuse(w, http.StatusUnprocessableEntity, "TRACKER.CREATE.ERROR", "The carrier does not know this tracking code.")
}
