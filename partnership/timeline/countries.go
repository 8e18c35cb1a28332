package timeline

import "strings"

// zonesOf are the time zones of each country whose holidays are known, from the zone.tab of the tz database, with the older names
// that people still write.
var zonesOf = map[string]string{
	"AR": "America/Argentina/Buenos_Aires America/Argentina/Cordoba America/Argentina/Salta America/Argentina/Jujuy " +
		"America/Argentina/Tucuman America/Argentina/Catamarca America/Argentina/La_Rioja America/Argentina/San_Juan " +
		"America/Argentina/Mendoza America/Argentina/San_Luis America/Argentina/Rio_Gallegos America/Argentina/Ushuaia " +
		"America/Buenos_Aires",
	"AT": "Europe/Vienna",
	"AU": "Australia/Lord_Howe Antarctica/Macquarie Australia/Hobart Australia/Melbourne Australia/Sydney Australia/Broken_Hill " +
		"Australia/Brisbane Australia/Lindeman Australia/Adelaide Australia/Darwin Australia/Perth Australia/Eucla " +
		"Australia/ACT Australia/Canberra Australia/NSW Australia/North Australia/Queensland Australia/South Australia/Tasmania " +
		"Australia/Victoria Australia/West",
	"BE": "Europe/Brussels",
	"BG": "Europe/Sofia",
	"BR": "America/Noronha America/Belem America/Fortaleza America/Recife America/Araguaina America/Maceio America/Bahia " +
		"America/Sao_Paulo America/Campo_Grande America/Cuiaba America/Santarem America/Porto_Velho America/Boa_Vista " +
		"America/Manaus America/Eirunepe America/Rio_Branco Brazil/East Brazil/West Brazil/Acre Brazil/DeNoronha",
	"CA": "America/St_Johns America/Halifax America/Glace_Bay America/Moncton America/Goose_Bay America/Blanc-Sablon " +
		"America/Toronto America/Iqaluit America/Atikokan America/Winnipeg America/Resolute America/Rankin_Inlet America/Regina " +
		"America/Swift_Current America/Edmonton America/Cambridge_Bay America/Inuvik America/Creston America/Dawson_Creek " +
		"America/Fort_Nelson America/Whitehorse America/Dawson America/Vancouver Canada/Atlantic Canada/Central Canada/Eastern " +
		"Canada/Mountain Canada/Newfoundland Canada/Pacific Canada/Saskatchewan Canada/Yukon America/Montreal " +
		"America/Thunder_Bay America/Nipigon America/Rainy_River America/Pangnirtung America/Yellowknife",
	"CH": "Europe/Zurich",
	"CZ": "Europe/Prague",
	"DE": "Europe/Berlin Europe/Busingen",
	"DK": "Europe/Copenhagen",
	"ES": "Europe/Madrid Africa/Ceuta Atlantic/Canary",
	"FR": "Europe/Paris",
	"GB": "Europe/London GB",
	"GR": "Europe/Athens",
	"HR": "Europe/Zagreb",
	"IE": "Europe/Dublin Eire",
	"IT": "Europe/Rome",
	"JP": "Asia/Tokyo Japan",
	"LT": "Europe/Vilnius",
	"LV": "Europe/Riga",
	"MW": "Africa/Blantyre",
	"NC": "Pacific/Noumea",
	"NL": "Europe/Amsterdam",
	"NO": "Europe/Oslo",
	"NZ": "Pacific/Auckland Pacific/Chatham NZ",
	"PL": "Europe/Warsaw Poland",
	"RO": "Europe/Bucharest",
	"RU": "Europe/Kaliningrad Europe/Moscow Europe/Kirov Europe/Volgograd Europe/Astrakhan Europe/Saratov Europe/Ulyanovsk " +
		"Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Barnaul Asia/Tomsk Asia/Novokuznetsk Asia/Krasnoyarsk " +
		"Asia/Irkutsk Asia/Chita Asia/Yakutsk Asia/Khandyga Asia/Vladivostok Asia/Ust-Nera Asia/Magadan Asia/Sakhalin " +
		"Asia/Srednekolymsk Asia/Kamchatka Asia/Anadyr",
	"SE": "Europe/Stockholm",
	"SI": "Europe/Ljubljana",
	"SK": "Europe/Bratislava",
	"UA": "Europe/Simferopol Europe/Kyiv Europe/Kiev",
	"US": "America/New_York America/Detroit America/Kentucky/Louisville America/Kentucky/Monticello America/Indiana/Indianapolis " +
		"America/Indiana/Vincennes America/Indiana/Winamac America/Indiana/Marengo America/Indiana/Petersburg " +
		"America/Indiana/Vevay America/Chicago America/Indiana/Tell_City America/Indiana/Knox America/Menominee " +
		"America/North_Dakota/Center America/North_Dakota/New_Salem America/North_Dakota/Beulah America/Denver America/Boise " +
		"America/Phoenix America/Los_Angeles America/Anchorage America/Juneau America/Sitka America/Metlakatla America/Yakutat " +
		"America/Nome America/Adak Pacific/Honolulu US/Alaska US/Aleutian US/Arizona US/Central US/Eastern US/East-Indiana " +
		"US/Hawaii US/Indiana-Starke US/Michigan US/Mountain US/Pacific America/Indianapolis America/Louisville",
	"ZA": "Africa/Johannesburg",
}

// countryOf is the country of a zone, "" when its holidays are not known.
var countryOf = func() map[string]string {
	m := map[string]string{}
	for country, zones := range zonesOf {
		for zone := range strings.FieldsSeq(zones) {
			m[zone] = country
		}
	}
	return m
}()
